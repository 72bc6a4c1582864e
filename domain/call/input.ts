import type { AgentFact } from './agent-facts.ts';
import type { EgressNews } from './egress.ts';
import type { OrderFollowed } from './supervision.ts';
import type { SteeringInput } from './steering.ts';
import type {
  AnsweredBy,
  CallBackRequested,
  CallRequested,
  DialFailed,
  DialPlaced,
  DialRinging,
  DoNotCallRequested,
  HumanRequested,
  PersonalParts,
  SessionEndingOutcome,
  ToolUsed,
  TurnMeasured,
  UsageReported,
  WordsSpoken,
} from './fact.ts';
import type { ConsentLineSaid, RecordingNews, RecordingStored } from './recording.ts';

/** How an agent says its session ended. */
export interface SessionEnding {
  readonly type: 'sessionEnding';
  readonly by: 'customer' | 'agent' | 'error' | 'drain';
  readonly reason: string;
  /** Of an agent that went of its own accord: what the call comes to. Left out: `completed`. */
  readonly outcome?: SessionEndingOutcome;
}

/** A telephone in the room was picked up: LiveKit puts it there while it still rings, and tells nobody but the room of the answer. */
export interface CustomerAnswered {
  readonly type: 'customerAnswered';
  readonly participant: Participant;
}

/** A supervisor said this into the whisper room; who it was follows from whose seat that is. */
export interface VoiceWhispered {
  readonly type: 'voiceWhispered';
  /** It becomes the order's id. */
  readonly whisperId: string;
  readonly identity: string;
  readonly text: string;
}

/** Somebody sits down in a seat that was given, or leaves it: the room's news. */
export interface SeatNews {
  readonly type: 'seatSeen' | 'seatGone';
  readonly participant: Participant;
}

/** What the agent in the room reports. Speaking times are on its own clock; `decide` shifts them. */
export type Observation =
  | WordsSpoken
  | TurnMeasured
  | UsageReported
  | ToolUsed
  | AgentFact
  | HumanRequested
  | AnsweredBy
  | DoNotCallRequested
  | CallBackRequested
  | CustomerAnswered
  | ConsentLineSaid
  | OrderFollowed
  | VoiceWhispered
  | SeatNews
  | SessionEnding;

export interface Participant {
  readonly identity: string;
  /** LiveKit's participant SID. */
  readonly connection: string;
}

/** Everything that can happen to a call. `decide` turns it into facts or a refusal. */
export type CallInput =
  | ({ readonly type: 'requestCall' } & Omit<CallRequested, 'type'>)
  | { readonly type: 'agentChosen'; readonly hostId: string; readonly agentName: string }
  | { readonly type: 'dispatchFailed'; readonly offer: number }
  | {
      readonly type: 'agentHello';
      readonly offer: number;
      readonly session: string;
      readonly hostId: string;
      readonly identity: string;
      /** The agent's clock as it said hello, epoch ms. */
      readonly agentClockMs: number;
    }
  | { readonly type: 'observe'; readonly session: string; readonly observation: Observation }
  | { readonly type: 'customerSeen'; readonly participant: Participant }
  | { readonly type: 'customerGone'; readonly participant: Participant }
  | { readonly type: 'roomFinished' }
  /** About to ask the carrier: refused when the number must not be rung (any more). */
  | { readonly type: 'startDial' }
  /** It must not be rung any more: what allowed it is over (DIAL-9). */
  | { readonly type: 'withdrawDial'; readonly reason: string }
  /** What the carrier says of ringing the customer. That it was answered shows by the customer being there. */
  | DialPlaced
  | DialRinging
  | DialFailed
  /** The media server's own list, asked for when webhooks may have been lost (LEDGER-4). */
  | { readonly type: 'roomListed'; readonly customers: readonly Participant[] }
  | SteeringInput
  | { readonly type: 'hangUp'; readonly by: string }
  /** A person says a call that hangs in the air is over. */
  | { readonly type: 'markCompleted'; readonly by: string }
  /** What a recorder says; its times are on the clock of `hostId`, null: on ours. */
  | { readonly type: 'recordingNews'; readonly hostId: string | null; readonly news: RecordingNews }
  /** What LiveKit's Egress service was asked for is under way. */
  | EgressNews
  /** R2 has it. */
  | RecordingStored
  /** What is personal is to go: of calls that have ended. */
  | ({ readonly type: 'erase'; readonly by: string } & PersonalParts)
  /** The alarm clock rang: state says what, if anything, is due. */
  | { readonly type: 'clock'; readonly liveness: Liveness };

/** What the object knows of its links and keeps outside the ledger: a deploy drops every socket, and that is no event in a call's life. */
export interface Liveness {
  /** When the serving agent's socket was lost; null while it is there. */
  readonly agentLinkLostAtMs: number | null;
  /** The last proof that anyone is in the call: an event, an agent's heartbeat, a participant seen in the room. */
  readonly lastSignAtMs: number;
}
