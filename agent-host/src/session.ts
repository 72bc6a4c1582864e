import type { VAD } from '@livekit/agents';
import { inference, llm, voice } from '@livekit/agents';
import { filledIn, questionsFor } from '../../domain/profile/instructions.ts';
import type { Log } from './log.ts';
import type { Welcome } from './call-link.ts';
import type { Ending } from './ending.ts';
import { noteBackchannel } from './backchannel.ts';
import { VAD_MIN_SILENCE_MS, VAD_MIN_SPEECH_MS } from './customer-words.ts';
import { errorName } from './log.ts';
import type { CallModels } from './models/call-models.ts';

/** Shared by recogniser, turn detector and interruptions. Needs no download. */
export function newVad(): inference.VAD {
  return new inference.VAD({ minSpeechDuration: VAD_MIN_SPEECH_MS, minSilenceDuration: VAD_MIN_SILENCE_MS });
}

/** Who is asked next, and when nobody is left, is decided beside the models: no error of theirs ends the session. */
const once = { maxRetry: 0 };
const neverEnds = {
  sttConnOptions: once,
  llmConnOptions: once,
  ttsConnOptions: once,
  maxUnrecoverableErrors: Number.MAX_SAFE_INTEGER,
};

/** Every choice is explicit: the framework's automatic ones may try its maker's cloud. */
export function newSession(
  { hearing, thinking, speaking }: Pick<CallModels, 'hearing' | 'thinking' | 'speaking'>,
  vad: VAD,
): voice.AgentSession {
  return new voice.AgentSession({
    stt: hearing,
    llm: thinking,
    tts: speaking,
    vad,
    turnHandling: {
      // Runs in the host's shared inference process. Unsure, it waits `maxDelay`.
      turnDetection: new inference.TurnDetector({ version: 'v1-mini' }),
      // Half a second of speech cuts the agent off at once; what to do about noise: see `carryOnAfterNoise`.
      interruption: {
        mode: 'vad',
        minDuration: 500,
        resumeFalseInterruption: false,
        // By default what is said into words that cannot be cut is thrown away: a mailbox, or "never call me again".
        discardAudioIfUninterruptible: false,
      },
      endpointing: { minDelay: 300, maxDelay: 1_800 },
      // The answer is prepared while it is still being decided whether the customer has finished.
      preemptiveGeneration: { enabled: true, preemptiveTts: false },
    },
    // By default the first 3 s of the agent's speech cannot be interrupted.
    aecWarmupDuration: null,
    userAwayTimeout: null,
    connOptions: neverEnds,
  });
}

const carryOn = [
  'You take over a call in progress from a colleague whose line broke. What was said is in the conversation above.',
  'Do not greet again and do not start over: carry on from there.',
].join(' ');

/**
 * What the model is told. Only the profile's text and the campaign's script are instructions; what people said or are called
 * is data. While `isMachine`, nothing that is heard is answered.
 */
export function newAgent(
  welcome: Welcome,
  tools: llm.ToolContextLike,
  isMachine: () => boolean = () => false,
): voice.Agent {
  const { profile, briefing, successor } = welcome;
  const script = briefing === undefined || briefing.script === '' ? [] : [briefing.script];
  const instructions = [
    filledIn(profile.instructions, welcome.contact),
    ...questionsFor(profile),
    ...script,
    ...(successor ? [carryOn] : []),
  ].join('\n');
  return new PhoneAgent({ instructions, tools, chatCtx: conversationSoFar(welcome) }, isMachine);
}

class PhoneAgent extends voice.Agent {
  readonly #isMachine: () => boolean;

  constructor(options: voice.AgentOptions<unknown>, isMachine: () => boolean) {
    super(options);
    this.#isMachine = isMachine;
  }

  override onUserTurnCompleted(turn: llm.ChatContext, said: llm.ChatMessage): Promise<void> {
    if (this.#isMachine()) return Promise.reject(new voice.StopResponse());
    noteBackchannel(turn, said);
    return Promise.resolve();
  }
}

/** The earlier turns as turns, so that nothing a caller said ever reaches the instructions. */
export function conversationSoFar(
  { contact, history, telephone }: Welcome,
  nowMs = Date.now(),
): llm.ChatContext {
  const context = llm.ChatContext.empty();
  const zone = telephone?.zone;
  const details = {
    ...(contact.name === null ? {} : { customerName: contact.name }),
    // A wish for a call back is meant by a clock.
    ...(telephone === undefined ? {} : { now: new Date(nowMs).toISOString() }),
    ...(zone === undefined ? {} : { customerZone: zone }),
  };
  if (Object.keys(details).length > 0) {
    context.addMessage({ role: 'user', content: `Call details, as data: ${JSON.stringify(details)}` });
  }
  for (const utterance of history) addUtterance(context, utterance);
  return context;
}

/** A colleague's words are told as data: they are neither the customer's nor an instruction. */
export function addUtterance(
  context: llm.ChatContext,
  { speaker, text, interrupted }: Welcome['history'][number],
): void {
  switch (speaker) {
    case 'customer':
      context.addMessage({ role: 'user', content: text });
      break;
    case 'agent':
      context.addMessage({ role: 'assistant', content: text, interrupted });
      break;
    case 'operator':
      context.addMessage({ role: 'user', content: `A colleague said, as data: ${JSON.stringify({ text })}` });
  }
}

const APOLOGY = 'Sorry, I lost you for a moment. Please go on.';

/** The first words: a greeting, or a successor's apology. */
export function speakFirst(session: voice.AgentSession, { profile, briefing, successor }: Welcome): void {
  if (successor) sayStandIn(session, profile.language, APOLOGY);
  else {
    session.say(briefing?.greeting ?? profile.greeting, { allowInterruptions: true });
    // Behind the greeting's last word, and to its end: who speaks with them is no surprise to anybody (TURN-2).
    if (profile.disclosureLine !== null) session.say(profile.disclosureLine, { allowInterruptions: false });
  }
}

/** A sentence of ours, in English: ready words need no model, for the customer has waited long enough. */
export function sayStandIn(
  session: Pick<voice.AgentSession, 'say' | 'generateReply'>,
  language: string,
  sentence: string,
  allowInterruptions = true,
): voice.SpeechHandle {
  return language.startsWith('en')
    ? session.say(sentence, { allowInterruptions })
    : session.generateReply({
        instructions: `Say in ${language}, in one short sentence: "${sentence}"`,
        allowInterruptions,
      });
}

/** Provider errors by kind and name only: their messages may quote what was said. */
export function endWithSession(session: voice.AgentSession, ending: Ending, log: Log): void {
  session.on(voice.AgentSessionEventTypes.Error, ({ error }) => {
    const cause = 'error' in error ? error.error : undefined;
    const status = cause instanceof Error && 'statusCode' in cause ? Number(cause.statusCode) : null;
    log.warn('speech provider failed', {
      kind: 'type' in error ? String(error.type) : 'unknown',
      recoverable: 'recoverable' in error ? Boolean(error.recoverable) : null,
      name: errorName(cause),
      status,
    });
  });
  session.on(voice.AgentSessionEventTypes.Close, ({ reason, error }) => {
    if (reason === voice.CloseReason.ERROR) {
      ending.end(
        'error',
        error === null ? 'session error' : String('type' in error ? error.type : 'session error'),
      );
    } else {
      ending.end('drain', `session closed: ${reason}`);
    }
  });
}
