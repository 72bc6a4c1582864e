import type { CallState, Utterance } from '../call/state.ts';
import type { Disposition } from './result.ts';
import { speaksToMachine } from './machine-words.ts';

type Words = Pick<Utterance, 'utteranceId' | 'speaker' | 'text'>;

/** A call as it is judged: what was said, and what the ledger itself knows, which no words can change. */
export interface Conversation {
  readonly utterances: readonly Words[];
  /** Utterances of the customer that speak to a machine (RESULT-3); they are in none of the above. */
  readonly withheld: number;
  /** What the ledger says it came to; null where only the words can tell. */
  readonly known: Disposition | null;
  readonly callBackAtMs: number | null;
  /** From the answer to the end, ms; null when it was not answered. */
  readonly talkedMs: number | null;
}

/** Of a call that has ended. */
export function conversationOf(call: CallState): Conversation {
  const withheld = call.transcript.filter(
    ({ speaker, text }) => speaker === 'customer' && speaksToMachine(text),
  );
  return {
    utterances: call.transcript
      .filter((each) => !withheld.includes(each))
      .map(({ utteranceId, speaker, text }) => ({ utteranceId, speaker, text })),
    withheld: withheld.length,
    known: knownDisposition(call),
    callBackAtMs: call.callBackForAtMs ?? null,
    talkedMs:
      call.answeredAtMs === null || call.end === null ? null : Math.max(0, call.end.atMs - call.answeredAtMs),
  };
}

function knownDisposition(call: CallState): Disposition | null {
  if (call.doNotCall === true) return 'doNotCall';
  if (call.end?.outcome === 'voicemail' || call.answeredBy?.verdict === 'machine') return 'voicemail';
  if (call.callBackForAtMs !== undefined) return 'callBack';
  return call.answeredAtMs === null ? 'notReached' : null;
}
