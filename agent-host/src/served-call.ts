import type { JobContext, VAD, voice } from '@livekit/agents';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobMetadata } from '../../protocol/agent.ts';
import type { RemoteParticipant } from '@livekit/rtc-node';
import type { ModelReplaced } from '../../domain/call/agent-facts.ts';
import { isTelephone } from '../../domain/call/identity.ts';
import type { Verdict } from './answer-judge.ts';
import type { Welcome } from './call-link.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { SessionObservation } from './observe.ts';
import { listenForMachine, machineListens } from './answering-machine.ts';
import { callModels } from './models/call-models.ts';
import { OwnAccord } from './own-accord.ts';
import { CallLink } from './call-link.ts';
import { askForConsent, recordIfAllowed, recordingHands } from './call-recording.ts';
import { carryOnAfterNoise } from './carry-on.ts';
import { Ending } from './ending.ts';
import { fitReason } from './fit.ts';
import { tellHost } from './job-news.ts';
import { startSessionInRoom } from './join-session-to-room.ts';
import { LINGER_MS } from './linger.ts';
import { errorName } from './log.ts';
import { observeSession } from './observe.ts';
import { customerIn, endWithCustomer, endWithRoom } from './room-watch.ts';
import { CallSteering } from './steering/call-steering.ts';
import { endWithSession, newAgent, newSession, speakFirst } from './session.ts';
import { effectsOn } from './tools/tool-effects.ts';
import { agentTools, type AgentTools } from './tools/agent-tools.ts';
import { toolDoor } from './tools/tool-door.ts';

/** What is still owed to the ledger may hold up the end of a job this long. */
const FLUSH_MS = 5_000;
/** The framework may take this long to stop speaking and hand over the last words. */
const SESSION_CLOSE_MS = 3_000;

export interface ServeCallOptions {
  readonly ctx: JobContext;
  readonly metadata: JobMetadata;
  /** The identity this job was accepted with. */
  readonly identity: string;
  readonly config: Config;
  readonly vad: VAD;
  readonly log: Log;
}

/** One call, from the dispatch to the last acknowledged word. */
export class ServedCall {
  readonly #options: ServeCallOptions;
  readonly #callId: string;
  readonly #ending = new Ending();
  readonly #link: CallLink;
  readonly #steering: CallSteering;
  #session: voice.AgentSession | null = null;
  #roomIO: voice.RoomIO | null = null;
  #observation: SessionObservation | null = null;
  #tools: AgentTools | null = null;
  #ownAccord: OwnAccord | null = null;
  /** A machine listens: nothing it says is answered. */
  #machine = false;
  #stopJudging: () => void = () => undefined;

  constructor(options: ServeCallOptions) {
    this.#options = options;
    this.#callId = options.metadata.callId;
    this.#link = new CallLink({
      workerUrl: options.config.workerUrl,
      callId: options.metadata.callId,
      doorToken: options.metadata.doorToken,
      identity: options.identity,
      log: options.log,
      onLeave: (reason) => this.#ending.end(null, reason),
      onSteering: (steering) => {
        this.#steering.tell(steering);
        if (steering.limitReached !== undefined) this.#ownAccord?.spent();
      },
    });
    this.#steering = new CallSteering({
      callId: this.#callId,
      link: this.#link,
      room: options.ctx.room,
      config: options.config,
      log: options.log,
      recording: recordingHands(options.metadata.callId),
      onTakeOver: () => this.#stopJudging(),
    });
  }

  /** Returns when the job is shut down. */
  async serve(): Promise<void> {
    const { ctx, log } = this.#options;
    tellHost({ callId: this.#callId, type: 'started' });
    endWithHost(this.#ending);
    endWithRoom(ctx.room, this.#ending);
    const [opened, joined] = await Promise.all([this.#link.open(), this.#joinRoom()]);
    if (!opened.ok) {
      // Someone else serves this call, or nobody should: not a word (DISPATCH-3).
      log.info('left without a word', { code: opened.code });
      this.#leave(opened.code, 'notServed');
      return;
    }
    if (!joined) this.#ending.end('error', 'could not join the room');
    const talking = this.#talk(opened.welcome).catch((error: unknown) => {
      log.warn('the session could not start', { name: errorName(error) });
      this.#ending.end('error', 'the session could not start');
    });
    await this.#ending.over;
    await this.#wrapUp(talking);
  }

  async #joinRoom(): Promise<boolean> {
    try {
      await this.#options.ctx.connect();
      return true;
    } catch (error) {
      this.#options.log.warn('could not join the room', { name: errorName(error) });
      return false;
    }
  }

  /** Waits for the customer and starts the conversation, which then goes on by itself. */
  async #talk(welcome: Welcome): Promise<void> {
    const { ctx, config, vad, log } = this.#options;
    const language = welcome.language ?? welcome.profile.language;
    const onReplaced = (replaced: ModelReplaced): void => this.#link.observe(replaced);
    const models = await callModels({ profile: welcome.profile, language, config, vad, log, onReplaced });
    const session = newSession(models, vad);
    const customer = await Promise.race([customerIn(ctx.room), this.#ending.over.then(() => null)]);
    if (customer === null) return;
    tellHost({ callId: this.#callId, type: 'customerPresent', atMs: Date.now() });
    if (isTelephone(customer.identity)) this.#reportAnswer(customer);
    const recorded = {
      callId: this.#callId,
      room: ctx.room.name ?? '',
      observe: this.#link.observe.bind(this.#link),
    };
    recordIfAllowed(welcome, recorded);
    endWithCustomer(ctx.room, customer.identity, this.#ending);
    endWithSession(session, this.#ending, log);
    const isSilent = (): boolean => this.#machine || this.#steering.isHeld;
    carryOnAfterNoise(session, isSilent);
    const own = { ending: this.#ending, link: this.#link };
    const ownAccord = new OwnAccord({ session, models, welcome, ...own, isSilent, log });
    this.#ownAccord = ownAccord;
    const observation = observeSession(session, this.#link, {
      voiceStreams: session.tts?.capabilities.streaming ?? false,
      onFirstSound: (atMs) => {
        tellHost({ callId: this.#callId, type: 'firstSound', atMs });
        ownAccord.firstSound();
      },
    });
    const { callId, doorToken } = this.#options.metadata;
    this.#tools = agentTools(
      welcome,
      effectsOn((observation) => this.#link.observe(observation), this.#ending),
      toolDoor({ workerUrl: config.workerUrl, callId, doorToken, log }),
      ownAccord.languageTool(),
    );
    this.#session = session;
    this.#observation = observation;
    const agent = newAgent(welcome, this.#tools.tools, isSilent);
    // We called, and nobody has spoken with them yet: a machine may have taken it (AMD-1).
    const byPerson =
      typeof welcome.telephone?.voicemail === 'string' && !welcome.successor
        ? this.#judge(session, welcome)
        : Promise.resolve(true);
    this.#roomIO = await startSessionInRoom(
      session,
      agent,
      ctx.room,
      customer.identity,
      observation.spokenWords,
    );
    if (this.#ending.ended !== null) return;
    // A person may have the line already: then nothing is said.
    const held = this.#steering.isHeld;
    if (!held) speakFirst(session, welcome);
    ownAccord.begin();
    this.#steering.begin(session, agent, customer.identity, welcome, models.ears);
    // A mailbox is asked for nothing, and until it is known what it is, it must be heard.
    const asks = !held && (await Promise.race([byPerson, this.#ending.over.then(() => false)]));
    if (asks && !this.#steering.isHeld) await askForConsent(session, welcome, recorded);
  }

  /** Whether a person took the call; false when a colleague took the line before that was known. */
  #judge(session: voice.AgentSession, welcome: Welcome): Promise<boolean> {
    return new Promise((resolve) => {
      const judging = listenForMachine(session, Date.now(), (verdict) => {
        this.#judged(verdict, session, welcome);
        resolve(verdict.verdict !== 'machine');
      });
      this.#stopJudging = () => {
        judging.stop();
        resolve(false);
      };
    });
  }

  #reportAnswer({ identity, sid }: RemoteParticipant): void {
    if (sid !== undefined)
      this.#link.observe({ type: 'customerAnswered', participant: { identity, connection: sid } });
  }

  #judged(verdict: Verdict, session: voice.AgentSession, welcome: Welcome): void {
    this.#link.observe({ type: 'answeredBy', ...verdict });
    if (verdict.verdict !== 'machine') return;
    this.#machine = true;
    this.#talkToMachine(session, welcome).catch((error: unknown) => {
      this.#options.log.warn('no message was left', { name: errorName(error) });
      this.#ending.end('agent', 'a machine answered');
    });
  }

  async #talkToMachine(
    session: voice.AgentSession,
    { telephone, briefing, profile }: Welcome,
  ): Promise<void> {
    await session.interrupt({ force: true }).await;
    const message =
      telephone?.voicemail === 'leaveMessage' ? (briefing?.voicemailMessage ?? profile.voicemailLine) : null;
    if (message !== null) {
      await machineListens(session);
      await session.say(message, { allowInterruptions: false }).waitForPlayout();
    }
    // A colleague took over in between: it is theirs to end.
    if (!this.#steering.isHeld)
      this.#ending.end('agent', message === null ? 'a machine answered' : 'left a message');
  }

  async #wrapUp(talking: Promise<void>): Promise<void> {
    const { by, reason, outcome } = await this.#ending.over;
    this.#options.log.info('over', { by, reason });
    this.#tools?.over();
    this.#ownAccord?.close();
    // First the news, for those who watch; then the last words, which the ledger takes after the end too.
    if (by !== null)
      this.#link.observe({
        type: 'sessionEnding',
        by,
        reason: fitReason(reason),
        ...(outcome && { outcome }),
      });
    const closed = talking
      .then(() => this.#steering.close())
      .then(() => this.#session?.close())
      .then(() => this.#roomIO?.close());
    await Promise.race([closed, sleep(SESSION_CLOSE_MS)]).catch(() => undefined);
    this.#observation?.finish();
    await this.#link.flush(FLUSH_MS);
    this.#link.close();
    this.#leave(reason, by === 'error' ? 'failed' : 'served');
  }

  /** After the session the framework keeps a job until its room closes; and some processes stay even then. */
  #leave(reason: string, outcome: 'served' | 'failed' | 'notServed'): void {
    tellHost({ callId: this.#callId, type: 'over', outcome });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), LINGER_MS);
    this.#options.ctx.shutdown(reason);
  }
}

/** The host is stopping, or is gone: someone else must take the call. */
function endWithHost(ending: Ending): void {
  process.once('disconnect', () => ending.end('drain', 'the agent host is gone'));
  process.on('message', (message: unknown) => {
    if (
      typeof message === 'object' &&
      message !== null &&
      'case' in message &&
      message.case === 'shutdownRequest'
    ) {
      ending.end('drain', 'the agent host is stopping');
    }
  });
}
