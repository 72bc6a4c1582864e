import type { Explanation } from '../api/explain.ts';

/** Whether this page hears the call: apart from whether its data is current, for each may be lost alone. */
export type Hearing =
  | { readonly kind: 'off' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'hearing' }
  /** Connected, but the browser wants another tap before it plays sound. */
  | { readonly kind: 'blocked' }
  | { readonly kind: 'reconnecting'; readonly sinceMs: number }
  | { readonly kind: 'notHearing'; readonly explanation: Pick<Explanation, 'what' | 'why' | 'todo'> }
  /** It will not come back by itself, and why is nobody's failure. */
  | { readonly kind: 'over'; readonly why: OverWhy };

export type OverWhy = 'callEnded' | 'removed' | 'elsewhere';

/** LiveKit's DisconnectReason by number: the enumeration itself would pull the client in. Null: worth another try. */
export function overWhy(reason: number | undefined): OverWhy | null {
  switch (reason) {
    case 2: // DUPLICATE_IDENTITY
      return 'elsewhere';
    case 4: // PARTICIPANT_REMOVED
      return 'removed';
    case 5: // ROOM_DELETED
    case 10: // ROOM_CLOSED
      return 'callEnded';
    default:
      return null;
  }
}

export interface HearingWords {
  readonly label: string;
  readonly tone: 'good' | 'trouble' | 'lost' | 'quiet';
}

const overLabels: Record<OverWhy, string> = {
  callEnded: 'Not hearing: the call has ended',
  removed: 'Not hearing: you were taken out of the call',
  elsewhere: 'Not hearing: you listen in another window',
};

export function hearingWords(hearing: Hearing, nowMs: number): HearingWords {
  switch (hearing.kind) {
    case 'off':
      return { label: 'Not listening', tone: 'quiet' };
    case 'connecting':
      return { label: 'Connecting the sound', tone: 'quiet' };
    case 'hearing':
      return { label: 'Hearing', tone: 'good' };
    case 'blocked':
      return { label: 'Not hearing: the browser waits for a tap', tone: 'trouble' };
    case 'reconnecting':
      return {
        label: `Reconnecting ${Math.max(0, Math.floor((nowMs - hearing.sinceMs) / 1000))} s`,
        tone: 'trouble',
      };
    case 'notHearing':
      return { label: `Not hearing: ${lowerFirst(hearing.explanation.why)}`, tone: 'lost' };
    case 'over':
      return { label: overLabels[hearing.why], tone: 'quiet' };
  }
}

const lowerFirst = (text: string): string => `${text[0]?.toLowerCase() ?? ''}${text.slice(1)}`;

export const isListening = (hearing: Hearing): boolean =>
  hearing.kind !== 'off' && hearing.kind !== 'notHearing' && hearing.kind !== 'over';
