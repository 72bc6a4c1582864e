import type { Explanation } from '../api/explain.ts';
import type { MicrophoneTrouble } from './microphone.ts';

/** Where a customer's own call stands, as their page knows it. */
export type TalkPhase =
  | { readonly kind: 'idle' }
  /** The browser asks whether the page may listen. */
  | { readonly kind: 'askingMicrophone' }
  | { readonly kind: 'connecting' }
  /** In the room; nobody has answered yet. */
  | { readonly kind: 'ringing'; readonly sinceMs: number }
  | { readonly kind: 'connected'; readonly sinceMs: number }
  | { readonly kind: 'ended'; readonly why: EndedWhy; readonly lastedMs: number | null }
  | { readonly kind: 'noMicrophone'; readonly trouble: MicrophoneTrouble }
  | { readonly kind: 'refused'; readonly explanation: Explanation };

export type EndedWhy = 'you' | 'over' | 'noAnswer' | 'network' | 'elsewhere' | 'server';

/** LiveKit's DisconnectReason as a number: the enumeration itself would pull the whole client in. */
const disconnectReasons: Record<number, EndedWhy> = {
  1: 'you', // CLIENT_INITIATED
  2: 'elsewhere', // DUPLICATE_IDENTITY
  3: 'server', // SERVER_SHUTDOWN
  4: 'over', // PARTICIPANT_REMOVED
  5: 'over', // ROOM_DELETED
  10: 'over', // ROOM_CLOSED
};

/** @param answered whether anybody ever answered: a room that closes before that is an unanswered call. */
export function endedWhy(reason: number | undefined, answered: boolean): EndedWhy {
  const why = (reason === undefined ? undefined : disconnectReasons[reason]) ?? 'network';
  return why === 'over' && !answered ? 'noAnswer' : why;
}

export const endedWords: Record<EndedWhy, { readonly what: string; readonly todo: string }> = {
  you: { what: 'You hung up.', todo: 'You can call again whenever you like.' },
  over: { what: 'The call has ended.', todo: 'You can call again whenever you like.' },
  noAnswer: { what: 'Nobody could take your call just now.', todo: 'Try again in a minute.' },
  network: { what: 'The connection was lost.', todo: 'Check your network, then call again.' },
  elsewhere: { what: 'The call goes on in another window.', todo: 'Go to that window, or call again here.' },
  server: { what: 'The call was cut off on our side.', todo: 'We are sorry. Please call again.' },
};

export function phaseWords(phase: TalkPhase): string {
  switch (phase.kind) {
    case 'idle':
      return 'Ready when you are';
    case 'askingMicrophone':
      return 'Allow the microphone to go on';
    case 'connecting':
      return 'Connecting…';
    case 'ringing':
      return 'Ringing…';
    case 'connected':
      return 'Connected';
    case 'ended':
      return 'Call ended';
    case 'noMicrophone':
      return 'No microphone';
    case 'refused':
      return 'Not connected';
  }
}

export const isUnderWay = (phase: TalkPhase): boolean =>
  phase.kind === 'askingMicrophone' ||
  phase.kind === 'connecting' ||
  phase.kind === 'ringing' ||
  phase.kind === 'connected';
