import type { CallEvent } from '../domain/call/fact.ts';
import type { CallState } from '../domain/call/state.ts';

export const ledgerKey = (callId: string): string => `calls/${callId}/ledger.ndjson`;
export const transcriptKey = (callId: string): string => `calls/${callId}/transcript.json`;

/** Puts the whole ledger, one event a line, and the transcript into R2. Repeating it writes the same objects. */
export async function archiveCall(
  bucket: R2Bucket,
  call: CallState,
  ledger: readonly CallEvent[],
): Promise<void> {
  const { callId, epoch } = call.request;
  const lines = ledger.map((event) => JSON.stringify(event)).join('\n');
  await bucket.put(ledgerKey(callId), `${lines}\n`, {
    httpMetadata: { contentType: 'application/x-ndjson' },
    customMetadata: { epoch, head: String(call.head) },
  });
  await bucket.put(transcriptKey(callId), JSON.stringify({ callId, utterances: call.transcript }), {
    httpMetadata: { contentType: 'application/json' },
    customMetadata: { head: String(call.head) },
  });
}
