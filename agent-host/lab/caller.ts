/** A customer who needs no phone: joins a LiveKit room, speaks the lab's lines, listens for its turn, leaves. */
import './quiet-livekit.ts';
import { Room, RoomEvent } from '@livekit/rtc-node';
import { Ears } from './ears.ts';
import { Microphone } from './microphone.ts';
import { customerLine } from './phrases.ts';
import { rehearse } from './rehearsal.ts';
import { scriptFor, type Step } from './scenarios.ts';
import type { CallerEnding, CallerReport, ScriptedCall, SpokenLine } from './scripted-call.ts';
import { pick, seededRandom } from './seeded-random.ts';
import { tone } from './tone.ts';
import { CUSTOMER_VOICE_NAMES, type Utterance } from './voice.ts';

export type { CallerEnding, CallerEvent, CallerReport, ScriptedCall, SpokenLine } from './scripted-call.ts';

/** The agent has finished when it has been quiet for so long, and the customer thinks a little longer. */
const TURN_QUIET_MS = 600;
const THINK_MAX_MS = 500;
/** A cold agent host may take 20 s to greet. */
const GREETING_WITHIN_MS = 25_000;
/** With no answer for so long the customer asks whether somebody is there, once. */
const ANSWER_WITHIN_MS = 12_000;
const CONNECT_WITHIN_MS = 15_000;
const DISCONNECT_WITHIN_MS = 2_000;
/** Into the word at which a customer breaks off. */
const BREAK_OFF_MS = 110;
const POLL_MS = 20;
/** From lifting the receiver to the first word. */
const PICK_UP_MS = 300;
const DEFAULT_MAX_MS = 180_000;

/**
 * Makes one call. Always resolves within `maxMs` and a few seconds, has always left the room by then, and up
 * to eight may run in one process.
 *
 * @throws when the room cannot be joined within 15 s
 */
export async function runScriptedCall(call: ScriptedCall): Promise<CallerReport> {
  const random = seededRandom(call.seed ?? Math.floor(Math.random() * 2 ** 31));
  const script = scriptFor(call.behaviour, random);
  const voice = call.voice ?? pick(CUSTOMER_VOICE_NAMES, random);
  // Before connecting: synthesis blocks this process, and would be heard as a gap in other calls.
  const lines = await rehearse(script, voice);
  return new LabCustomer(call, script, lines, random).run();
}

/** Thrown inside a script to leave it; never seen outside. */
class CallEnded extends Error {
  readonly by: CallerEnding;
  constructor(by: CallerEnding) {
    super(by);
    this.by = by;
  }
}

class LabCustomer {
  readonly #call: ScriptedCall;
  readonly #script: readonly Step[];
  readonly #lines: ReadonlyMap<string, Utterance>;
  readonly #random: () => number;
  readonly #room = new Room();
  readonly #microphone = new Microphone();
  readonly #spoken: SpokenLine[] = [];
  readonly #latencies: number[] = [];
  readonly #ears: Ears;
  #ended: CallerEnding | undefined;
  #onEnd: () => void = () => undefined;
  readonly #over = new Promise<void>((resolve) => (this.#onEnd = resolve));
  /** Up to when the customer has reacted to the agent: what the agent says after it is an answer. */
  #reactedAtMs = 0;
  #askedIfThere = false;

  constructor(
    call: ScriptedCall,
    script: readonly Step[],
    lines: ReadonlyMap<string, Utterance>,
    random: () => number,
  ) {
    this.#call = call;
    this.#script = script;
    this.#lines = lines;
    this.#random = random;
    this.#ears = new Ears(this.#room, (atMs) => call.onEvent?.({ type: 'agentStarted', atMs }));
    this.#room.on(RoomEvent.Disconnected, () => this.#end('remote'));
  }

  async run(): Promise<CallerReport> {
    const abort = () => this.#end('aborted');
    this.#call.signal?.addEventListener('abort', abort, { once: true });
    const bound = setTimeout(() => this.#end('timeout'), this.#call.maxMs ?? DEFAULT_MAX_MS);
    let connectedAtMs: number | undefined;
    try {
      if (this.#call.signal?.aborted) this.#end('aborted');
      else connectedAtMs = await this.#join();
      if (!this.#ended) await Promise.race([this.#perform(), this.#over]);
    } finally {
      clearTimeout(bound);
      this.#call.signal?.removeEventListener('abort', abort);
      this.#end('self');
      await this.#leave();
    }
    return this.#report(connectedAtMs);
  }

  /** When the room was joined; undefined when the call ended before. */
  async #join(): Promise<number | undefined> {
    const joining = this.#room.connect(this.#call.url, this.#call.token, {
      autoSubscribe: true,
      dynacast: false,
    });
    // Joining cannot be broken off: a join that comes too late must still be undone.
    joining.then(() => this.#ended && this.#room.disconnect()).catch(() => undefined);
    await withinMs(Promise.race([joining, this.#over]), CONNECT_WITHIN_MS, 'the room could not be joined');
    if (this.#ended) return undefined;
    const connectedAtMs = Date.now();
    this.#call.onEvent?.({ type: 'connected' });
    await withinMs(
      this.#microphone.publish(this.#room),
      CONNECT_WITHIN_MS,
      'the microphone could not be published',
    );
    return connectedAtMs;
  }

  async #perform(): Promise<void> {
    try {
      for (const step of this.#script) await this.#take(step);
      await this.#hearGoodbye();
    } catch (error) {
      if (!(error instanceof CallEnded)) throw error;
      this.#end(error.by);
    }
  }

  async #take(step: Step): Promise<void> {
    switch (step.do) {
      case 'say':
        await this.#myTurn();
        return this.#say(step.line);
      case 'pick up':
        await this.#until(() => false, PICK_UP_MS);
        return this.#say(step.line);
      case 'beep':
        await this.#microphone.say({ samples: tone(step.forMs), words: [] });
        this.#reactedAtMs = Date.now();
        return;
      case 'interrupt':
        await this.#agentSpeaksFor(step.afterMs);
        return this.#say(step.line);
      case 'break off': {
        await this.#myTurn();
        await this.#say(step.line, step.afterWords);
        await this.#until(() => false, step.leaveAfterMs);
        throw new CallEnded('self');
      }
      case 'stay silent':
        await this.#until(() => false, step.forMs);
        throw new CallEnded('self');
      case 'hold': {
        // First the agent's own words about the hold, then whoever comes.
        await this.#agentFinished(ANSWER_WITHIN_MS);
        this.#reactedAtMs = Date.now();
        const answered = await this.#until(() => this.#answerStartedAtMs() !== undefined, step.forMs);
        for (const next of answered ? step.answered : step.alone) {
          if (!answered && next === step.alone[0] && next.do === 'say') await this.#say(next.line);
          else await this.#take(next);
        }
      }
    }
  }

  /** Waits until it is the customer's turn to speak; leaves when nobody answers. */
  async #myTurn(): Promise<void> {
    const patienceMs =
      this.#spoken.length === 0 && !this.#askedIfThere ? GREETING_WITHIN_MS : ANSWER_WITHIN_MS;
    if (!(await this.#agentFinished(patienceMs))) {
      if (this.#askedIfThere) throw new CallEnded('self');
      this.#askedIfThere = true;
      await this.#say('still-there');
      return this.#myTurn();
    }
    await this.#until(() => false, this.#random() * THINK_MAX_MS);
  }

  async #agentFinished(withinMs: number): Promise<boolean> {
    if (!(await this.#until(() => this.#answerStartedAtMs() !== undefined, withinMs))) return false;
    await this.#until(() => Date.now() - (this.#ears.lastLoudAtMs ?? 0) >= TURN_QUIET_MS, DEFAULT_MAX_MS);
    return true;
  }

  async #agentSpeaksFor(ms: number): Promise<void> {
    await this.#until(() => this.#answerStartedAtMs() !== undefined, ANSWER_WITHIN_MS);
    const startedAtMs = this.#answerStartedAtMs() ?? Date.now();
    const enough = () => Date.now() - startedAtMs >= ms || !this.#ears.speaking;
    await this.#until(enough, ms + ANSWER_WITHIN_MS);
  }

  #answerStartedAtMs(): number | undefined {
    return this.#ears.startedSince(this.#reactedAtMs);
  }

  /** Says the line of that id, or, for one that is broken off, its first words and a little of the next. */
  async #say(id: string, afterWords?: number): Promise<void> {
    const text = customerLine(id);
    const utterance = this.#lines.get(id)!;
    const breakAt =
      afterWords === undefined ? undefined : utterance.words.find(({ index }) => index >= afterWords);
    this.#call.onEvent?.({ type: 'saying', text });
    const { startedAtMs, endedAtMs } = await this.#microphone.say(
      utterance,
      breakAt && breakAt.startMs + BREAK_OFF_MS,
    );
    this.#spoken.push({
      text,
      startedAtMs,
      endedAtMs,
      cut: breakAt !== undefined || this.#ended !== undefined,
    });
    if (!this.#ended) this.#measureAnswer(endedAtMs);
    this.#reactedAtMs = endedAtMs;
  }

  #measureAnswer(endedAtMs: number): void {
    if (this.#ears.speaking) return;
    const measure = async () => {
      await this.#until(() => this.#ears.startedSince(endedAtMs) !== undefined, ANSWER_WITHIN_MS);
      const startedAtMs = this.#ears.startedSince(endedAtMs);
      if (startedAtMs !== undefined) this.#latencies.push(startedAtMs - endedAtMs);
    };
    measure().catch(() => undefined);
  }

  async #hearGoodbye(): Promise<void> {
    await this.#agentFinished(ANSWER_WITHIN_MS);
    await this.#until(() => false, 1_000);
  }

  /** Whether `condition` came true within `ms`. */
  async #until(condition: () => boolean, ms: number): Promise<boolean> {
    const deadlineMs = Date.now() + ms;
    while (!condition()) {
      if (this.#ended) throw new CallEnded(this.#ended);
      if (Date.now() >= deadlineMs) return false;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return true;
  }

  /** Only the first ending counts. */
  #end(by: CallerEnding): void {
    if (this.#ended) return;
    this.#ended = by;
    this.#onEnd();
  }

  async #leave(): Promise<void> {
    this.#ears.close();
    await this.#microphone.close();
    const left = this.#room.disconnect().catch(() => undefined);
    await withinMs(left, DISCONNECT_WITHIN_MS, 'slow to leave').catch(() => undefined);
    this.#room.removeAllListeners();
    this.#call.onEvent?.({ type: 'ended', by: this.#ended ?? 'self' });
  }

  #report(connectedAtMs: number | undefined): CallerReport {
    const first = this.#ears.heard[0]?.startedAtMs;
    return {
      spoken: this.#spoken,
      heardAgent: this.#ears.heard,
      responseLatenciesMs: this.#latencies,
      firstAgentAudioMs: first === undefined || connectedAtMs === undefined ? null : first - connectedAtMs,
      endedBy: this.#ended ?? 'self',
    };
  }
}

async function withinMs<Value>(promise: Promise<Value>, ms: number, failure: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${failure} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
