import type { AgentPart } from './agent-facts.ts';
import type { LimitPart } from './limits.ts';
import type { DialFailure } from '../dial/order.ts';
import type { Recording } from './recording.ts';
import type { Supervision } from './supervision.ts';
import type {
  AnsweredBy,
  CallRequested,
  EndedBy,
  PersonalParts,
  Outcome,
  Speaker,
  TurnMeasured,
} from './fact.ts';

/**
 * `requested`: written down, nobody there. `connecting`: one side is there. `inProgress`: both are.
 * `ended`: terminal; only late words, measures and usage are still written (LEDGER-3).
 */
export type Phase = 'requested' | 'connecting' | 'inProgress' | 'ended';

export interface Utterance {
  readonly seq: number;
  readonly utteranceId: string;
  readonly speaker: Speaker;
  readonly text: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly interrupted: boolean;
}

export interface OpenOffer {
  readonly offer: number;
  readonly hostId: string;
  readonly agentName: string;
  readonly offeredAtMs: number;
}

export interface AgentSeat {
  readonly offer: number;
  readonly session: string;
  readonly hostId: string;
  readonly identity: string;
  readonly joinedAtMs: number;
  /** Null while it serves the call. */
  readonly leftAtMs: number | null;
  readonly clockOffsetMs: number;
}

export interface CustomerSeat {
  readonly identity: string;
  readonly connection: string;
  readonly joinedAtMs: number;
  /** Null while in the room. */
  readonly leftAtMs: number | null;
  /** Connections known to be over: a late or repeated "joined" of one of them is old news. */
  readonly connectionsGone: readonly string[];
}

export interface Usage {
  readonly sttAudioMs: number;
  readonly llmInputTokens: number;
  readonly llmOutputTokens: number;
  readonly ttsCharacters: number;
  readonly ttsAudioMs: number;
}

/** Why a person should look at this call now. */
export interface Attention {
  readonly reason: string;
  readonly sinceMs: number;
}

/** Times are epoch ms; null: not yet, or never. */
export interface DialState {
  /** From then on the number may be ringing: it is never dialled a second time. */
  readonly startedAtMs: number | null;
  readonly placedAtMs: number | null;
  readonly ringingAtMs: number | null;
  readonly reference: string | null;
  readonly failure: DialFailure | null;
  readonly cause: string | null;
}

export interface CallEnd {
  readonly outcome: Outcome;
  readonly endedBy: EndedBy;
  readonly reason: string;
  readonly atMs: number;
}

/** Everything known of a call: `events.reduce(applyCallEvent)`, the same on server, browser and in tests. */
export interface CallState extends AgentPart, LimitPart {
  readonly head: number;
  readonly lastEventAtMs: number;
  readonly request: Omit<CallRequested, 'type'>;
  readonly phase: Phase;
  readonly requestedAtMs: number;
  /** When agent and customer were first there together. */
  readonly answeredAtMs: number | null;
  readonly end: CallEnd | null;
  /** Offers since the last agent arrived, and the hosts that did not take them. */
  readonly offersMade: number;
  /** Offers ever made: numbers each offer uniquely. */
  readonly lastOffer: number;
  readonly hostsTried: readonly string[];
  readonly openOffer: OpenOffer | null;
  /** Since when a seat is being looked for; null while an agent is there or the call is over. */
  readonly searchingSinceMs: number | null;
  /** Every agent that served this call, in order of arrival; at most the last one is still there. */
  readonly agents: readonly AgentSeat[];
  readonly customer: CustomerSeat | null;
  /** When words were last written down. */
  readonly lastWordsAtMs: number | null;
  /** In speaking order: by `startedAtMs`, then by `seq`. */
  readonly transcript: readonly Utterance[];
  readonly turns: readonly Omit<TurnMeasured, 'type'>[];
  readonly usage: Usage;
  readonly toolsUsed: number;
  /** Tools that failed one after the other up to now; left out while the last one worked. */
  readonly toolFailures?: { readonly tool: string; readonly inRow: number; readonly sinceMs: number };
  readonly attention: Attention | null;
  /** When the customer was promised a call back because nobody could take this one. */
  readonly callBackPromisedAtMs: number | null;
  /** How far ringing the customer has come; left out where nobody is to be rung. */
  readonly dial?: DialState;
  /** Left out until it was judged. */
  readonly answeredBy?: Omit<AnsweredBy, 'type'>;
  /** The customer asked never to be called again; left out otherwise. */
  readonly doNotCall?: true;
  /** When the customer asked to be called; left out otherwise. */
  readonly callBackForAtMs?: number;
  /** Who watches, steers or holds the line; left out until somebody did. */
  readonly supervision?: Supervision;
  /** Its sound, in the order it was begun; left out where none was. */
  readonly recordings?: readonly Recording[];
  /** When the customer had been told that the call is recorded; left out until then. */
  readonly consentLineSaidAtMs?: number;
  /** Silence is recorded until somebody lets it go on, whoever records; left out until it was paused. */
  readonly recordingPaused?: boolean;
  /** What was erased of it; left out while nothing was, so that older ledgers fold to what they always did. */
  readonly erased?: PersonalParts;
}

export const noUsage: Usage = {
  sttAudioMs: 0,
  llmInputTokens: 0,
  llmOutputTokens: 0,
  ttsCharacters: 0,
  ttsAudioMs: 0,
};

export const addUsage = (sum: Usage, more: Usage): Usage => ({
  sttAudioMs: sum.sttAudioMs + more.sttAudioMs,
  llmInputTokens: sum.llmInputTokens + more.llmInputTokens,
  llmOutputTokens: sum.llmOutputTokens + more.llmOutputTokens,
  ttsCharacters: sum.ttsCharacters + more.ttsCharacters,
  ttsAudioMs: sum.ttsAudioMs + more.ttsAudioMs,
});

/** The agent serving the call now. */
export function presentAgent(call: CallState): AgentSeat | null {
  const last = call.agents.at(-1);
  return last !== undefined && last.leftAtMs === null ? last : null;
}

export const hasEnded = (call: CallState): boolean => call.phase === 'ended';
export const customerPresent = (call: CallState): boolean =>
  call.customer !== null && call.customer.leftAtMs === null;
