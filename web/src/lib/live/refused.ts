import type { FinalReason } from './connection.ts';

/** What a `refused` message on a live socket means for its link; null when it may pass. */
export function reasonOfRefusal(code: string): FinalReason | null {
  switch (code) {
    case 'unauthenticated':
      return 'unauthenticated';
    case 'forbidden':
      return 'forbidden';
    case 'call_unknown':
    case 'not_found':
      return 'unknown';
    case 'protocol_unsupported':
      return 'reload';
    default:
      return null;
  }
}
