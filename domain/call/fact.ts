import type { Briefing, DialFailure, DialOrder } from '../dial/order.ts';
import type { Prices } from '../cost/cost.ts';
import type { AgentFact } from './agent-facts.ts';
import type { RecordingFact, RecordingPolicy } from './recording.ts';
import type { SupervisionFact } from './supervision.ts';

/**
 * What can be written in a call's ledger. A fact is past tense: it happened and is never taken back.
 * Times named `…AtMs` are epoch milliseconds on the call object's own clock (LEDGER-10).
 */

export type Speaker = 'customer' | 'agent' | 'operator';

/** How the customer reaches us. `lab` calls are simulated people and every screen says so. */
export type Channel = 'web' | 'phone' | 'lab';

/** `silent`: no media server was to be had, the words are scripted without sound. */
export type Media = 'livekit' | 'silent';

export type Outcome =
  | 'completed'
  | 'customerHungUp'
  | 'abandoned'
  | 'noAnswer'
  | 'noAgent'
  | 'agentFailed'
  | 'timeLimit'
  /** It cost what it may. */
  | 'spendLimit'
  | 'stale'
  | 'cancelled'
  /** A machine took the call. */
  | 'voicemail'
  /** `noAnswer` stands above. */
  | Exclude<DialFailure, 'noAnswer'>;

/** What an agent may say a call came to that it ended of its own accord. */
export type SessionEndingOutcome = Extract<Outcome, 'timeLimit' | 'spendLimit' | 'stale' | 'agentFailed'>;

/** Who brought the end about. */
export type EndedBy = 'customer' | 'agent' | 'supervisor' | 'system';

export interface Contact {
  readonly name: string | null;
}

export interface CallRequested {
  readonly type: 'callRequested';
  readonly callId: string;
  /** Random per ledger: a monitor holding another epoch's numbers must start afresh (LEDGER-2). */
  readonly epoch: string;
  readonly room: string;
  readonly profile: string;
  /** Which of its versions; 0: a draft being tried. Left out by calls of before there were versions. */
  readonly profileVersion?: number;
  /** Left out: those of every call. */
  readonly limits?: CallLimits;
  readonly channel: Channel;
  readonly media: Media;
  readonly contact: Contact;
  /** User id, key name or `customer`: what the door verified, never what the body said. */
  readonly requestedBy: string;
  /** Left out where no telephone is in it. */
  readonly phone?: Phone;
  /** Whom it is about, where a campaign knows them. */
  readonly lead?: { readonly leadId: string; readonly campaignId: string };
  /** We call: nobody is rung before an agent is there (DIAL-2). */
  readonly dial?: DialOrder;
  readonly briefing?: Briefing;
  /** What was decided for it when it was requested (REC-1); left out where nothing is recorded. */
  readonly recording?: RecordingPolicy;
  /** LiveKit's service records it (REC-10); left out: its agent's host. */
  readonly recorder?: 'egress';
}

/** What a call may come to before it is ended (LIMIT-1, LIMIT-2). */
export interface CallLimits {
  /** From the answer on. */
  readonly durationMs: number;
  /** What its models may cost, millionths of a US dollar; null: no limit. */
  readonly spendMicros: number | null;
  /** What that is reckoned by: the prices of the moment it was requested. Left out without a limit. */
  readonly prices?: Prices;
}

/** The two numbers of a call by telephone, E.164. Personal data. */
export interface Phone {
  readonly direction: 'outbound' | 'inbound';
  /** The customer's; null when it was withheld. */
  readonly number: string | null;
  /** Ours; null when the carrier chooses it. */
  readonly line: string | null;
}

/**
 * From here on the number may be ringing: written before the carrier is asked, so that a crash never rings a person
 * twice (DIAL-3).
 */
export interface DialStarted {
  readonly type: 'dialStarted';
}

/** The carrier took it; `reference` is its own name for the call. */
export interface DialPlaced {
  readonly type: 'dialPlaced';
  readonly reference: string;
}

/** It rings at the customer's, says the carrier. */
export interface DialRinging {
  readonly type: 'dialRinging';
}

/** Nobody was reached. `cause` is the carrier's own word for it: `486`, `no-answer`. */
export interface DialFailed {
  readonly type: 'dialFailed';
  readonly failure: DialFailure;
  readonly cause: string;
}

/** Who took the call, as far as can be heard (AMD-1). `unsure` is treated as a person. */
export interface AnsweredBy {
  readonly type: 'answeredBy';
  readonly verdict: 'human' | 'machine' | 'unsure';
  /** 0 to 1. */
  readonly confidence: number;
  /** What it was judged by. */
  readonly method: 'words' | 'length' | 'silence' | 'timeLimit' | 'carrier';
  /** From the answer to the verdict, ms. */
  readonly afterMs: number;
}

/** The customer asks never to be called again (DNC-3). */
export interface DoNotCallRequested {
  readonly type: 'doNotCallRequested';
}

/** The customer asks to be called at another time, epoch ms. */
export interface CallBackRequested {
  readonly type: 'callBackRequested';
  readonly forAtMs: number;
}

/** A host was chosen for offer `offer` (1-based); written before the dispatch is placed (DISPATCH-1). */
export interface AgentOffered {
  readonly type: 'agentOffered';
  readonly offer: number;
  readonly hostId: string;
  /** The LiveKit agent name the job is dispatched to. */
  readonly agentName: string;
}

export interface OfferExpired {
  readonly type: 'offerExpired';
  readonly offer: number;
  readonly reason: 'notOpened' | 'dispatchFailed';
}

export interface AgentJoined {
  readonly type: 'agentJoined';
  readonly offer: number;
  /** Random per agent process and call; the door admits one at a time (DISPATCH-3). */
  readonly session: string;
  readonly hostId: string;
  /** The agent's participant identity in the room. */
  readonly identity: string;
  /** Object clock minus agent clock when it said hello, ms. Its speaking times are shifted by it. */
  readonly clockOffsetMs: number;
}

export interface AgentLeft {
  readonly type: 'agentLeft';
  readonly session: string;
  readonly reason: 'lost' | 'failed' | 'drained' | 'finished';
}

export interface CustomerJoined {
  readonly type: 'customerJoined';
  readonly identity: string;
  /** LiveKit's participant SID: new at every join, so late news of an older one changes nothing. */
  readonly connection: string;
}

export interface CustomerLeft {
  readonly type: 'customerLeft';
  readonly identity: string;
  readonly connection: string;
}

/** A finished stretch of speech: exactly what was heard, or what was said before it was cut. */
export interface WordsSpoken {
  readonly type: 'wordsSpoken';
  readonly utteranceId: string;
  readonly speaker: Speaker;
  readonly text: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** The other side barged in: `text` is only what was said up to there. */
  readonly interrupted: boolean;
}

/**
 * One exchange's delay, end of the customer's speech to the agent's first sound, in ms; null = not measured. `sttMs` lies
 * within `endOfTurnMs`: the last words arrive while the end of the turn is being judged.
 */
export interface TurnMeasured {
  readonly type: 'turnMeasured';
  readonly turnId: string;
  readonly endOfTurnMs: number | null;
  readonly sttMs: number | null;
  readonly llmMs: number | null;
  readonly ttsMs: number | null;
  readonly totalMs: number;
}

/** Consumption since the last report, so that reports add up. */
export interface UsageReported {
  readonly type: 'usageReported';
  readonly sttAudioMs: number;
  readonly llmInputTokens: number;
  readonly llmOutputTokens: number;
  readonly ttsCharacters: number;
  readonly ttsAudioMs: number;
}

/** The models have cost what the call allows: the agent says goodbye and goes (LIMIT-2). */
export interface SpendLimitReached {
  readonly type: 'spendLimitReached';
  /** What they have cost by then, millionths of a US dollar. */
  readonly spentMicros: number;
}

export interface ToolUsed {
  readonly type: 'toolUsed';
  readonly tool: string;
  readonly succeeded: boolean;
  readonly durationMs: number;
  /** As JSON, what it was given and what it gave back, each cut at 2,000 characters. Personal data. */
  readonly given?: string;
  readonly gave?: string;
}

export interface HumanRequested {
  readonly type: 'humanRequested';
  readonly reason: string;
}

/**
 * The customer is told in one sentence that they will be called back: nobody can take the call (DISPATCH-8), or no model of the
 * agent's answers any more (MODEL-2), which the agent says itself.
 */
export interface CallBackPromised {
  readonly type: 'callBackPromised';
  readonly reason: 'noAgent' | 'outage';
}

export interface HangUpRequested {
  readonly type: 'hangUpRequested';
  readonly by: string;
}

export interface CallEnded {
  readonly type: 'callEnded';
  readonly outcome: Outcome;
  readonly endedBy: EndedBy;
  readonly reason: string;
}

/** Parts of a call that are personal data: what was said, and who it was. */
export interface PersonalParts {
  readonly words: boolean;
  readonly contact: boolean;
}

/** The entries before it were rewritten without these parts (PRIVACY-5); that there was a call stays. */
export interface PersonalDataErased extends PersonalParts {
  readonly type: 'personalDataErased';
  /** Who asked for it, as the audit log names them. */
  readonly by: string;
}

export type CallFact =
  | CallRequested
  | AgentOffered
  | OfferExpired
  | AgentJoined
  | AgentLeft
  | CustomerJoined
  | CustomerLeft
  | WordsSpoken
  | TurnMeasured
  | UsageReported
  | ToolUsed
  | AgentFact
  | HumanRequested
  | SpendLimitReached
  | CallBackPromised
  | DialStarted
  | DialPlaced
  | DialRinging
  | DialFailed
  | AnsweredBy
  | DoNotCallRequested
  | CallBackRequested
  | SupervisionFact
  | RecordingFact
  | HangUpRequested
  | CallEnded
  | PersonalDataErased;

/** A fact with its place in the ledger: `seq` counts from 1 without gaps, `atMs` is when it was written. */
export type CallEvent = CallFact & { readonly seq: number; readonly atMs: number };
