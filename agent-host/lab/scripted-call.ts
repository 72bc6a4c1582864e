/** What a scripted call is told, and what it reports. */
import type { Heard } from './ears.ts';
import type { Behaviour } from './scenarios.ts';
import type { CustomerVoice } from './voice.ts';

/** How a call ended: the customer left, was put out, ran out of time, or was told to stop. */
export type CallerEnding = 'self' | 'remote' | 'timeout' | 'aborted';

export interface SpokenLine {
  /** The whole line, also when it was cut. */
  readonly text: string;
  /** Epoch ms. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** The customer broke off, or the call ended, in the middle of it. */
  readonly cut: boolean;
}

export interface CallerReport {
  readonly spoken: readonly SpokenLine[];
  readonly heardAgent: readonly Heard[];
  /** End of own speech to first sound of the agent; turns in which the agent was speaking already are left out. */
  readonly responseLatenciesMs: readonly number[];
  /** From being connected to the first sound of the agent; null when it never spoke. */
  readonly firstAgentAudioMs: number | null;
  readonly endedBy: CallerEnding;
}

export type CallerEvent =
  | { readonly type: 'connected' }
  | { readonly type: 'agentStarted'; readonly atMs: number }
  | { readonly type: 'saying'; readonly text: string }
  | { readonly type: 'ended'; readonly by: CallerEnding };

export interface ScriptedCall {
  readonly url: string;
  readonly token: string;
  readonly behaviour: Behaviour;
  /** Default: one of the five, by the seed. */
  readonly voice?: CustomerVoice;
  /** Determines variant, voice and pauses. Default: by chance. */
  readonly seed?: number;
  /** Ends the call at once; the report says `aborted`. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: CallerEvent) => void;
  /** Bound for the whole call in ms. Default 180,000. */
  readonly maxMs?: number;
}
