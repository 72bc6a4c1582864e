import { transcriptOf } from '../../../database/calls.ts';
import { ledgerKey, transcriptKey } from '../../../durable-objects/archive.ts';
import { summarise } from '../../../domain/call/summary.ts';
import type { WorkerServer } from '../../stack/worker-server.ts';
import type { CallRecord, Evidence, Finding } from '../evidence.ts';

/**
 * LEDGER-1 and LEDGER-7: the ledger is without gaps and repetitions, holds every line whose acknowledgement was seen on
 * the wire, and R2 and D1 hold the same, exactly once.
 */
export async function checkCopies({ calls, ackedLines }: Evidence, worker: WorkerServer): Promise<Finding[]> {
  const gaps: string[] = [];
  const copies: string[] = [];
  let lines = 0;
  for (const call of calls) {
    gaps.push(...inLedger(call));
    copies.push(...(await inArchive(call, worker)), ...(await inDatabase(call, worker)));
    lines += call.state.transcript.length;
  }
  return [
    {
      rule: 'ledgers are numbered without gaps, each line once',
      checked: calls.length,
      violations: gaps,
      note: `${calls.reduce((sum, call) => sum + call.ledger.length, 0)} events, ${lines} lines`,
    },
    {
      rule: 'ledger = R2 = D1, each line exactly once',
      checked: calls.length,
      violations: copies,
      note: `${lines} lines thrice`,
    },
    acknowledged(calls, ackedLines),
  ];
}

function acknowledged(calls: readonly CallRecord[], acked: Evidence['ackedLines']): Finding {
  const byCall = new Map(calls.map((call) => [call.callId, call]));
  const lost = acked.filter(({ callId, words }) => {
    const kept = byCall
      .get(callId)
      ?.state.transcript.filter((each) => each.utteranceId === words.utteranceId);
    return kept?.length !== 1 || kept[0]?.text !== words.text;
  });
  return {
    rule: 'each line acknowledged on the wire is in its ledger once',
    checked: acked.length,
    violations: lost.map(({ callId, words }) => `${callId} lost line ${words.utteranceId} after its ack`),
    note: `read along at the proxy`,
  };
}

function inLedger({ callId, ledger, state }: CallRecord): string[] {
  const found: string[] = [];
  ledger.forEach((event, index) => {
    if (event.seq !== index + 1) found.push(`${callId} has event ${event.seq} in place ${index + 1}`);
  });
  const ids = state.transcript.map((each) => each.utteranceId);
  if (new Set(ids).size !== ids.length) found.push(`${callId} holds a line twice`);
  return found;
}

async function inArchive({ callId, ledger, state }: CallRecord, worker: WorkerServer): Promise<string[]> {
  const found: string[] = [];
  const text = await (await worker.archive.get(ledgerKey(callId)))?.text();
  const expected = ledger.map((event) => canonical(event));
  const archived =
    text === undefined
      ? []
      : text
          .trim()
          .split('\n')
          .map((line) => canonical(JSON.parse(line)));
  if (archived.join('\n') !== expected.join('\n'))
    found.push(
      `${callId} has ${archived.length} events in R2 and ${expected.length} in its ledger, or others`,
    );
  const transcript = await (await worker.archive.get(transcriptKey(callId)))?.text();
  const said =
    transcript === undefined ? null : (JSON.parse(transcript) as { utterances: unknown[] }).utterances;
  if (said === null || canonical(said) !== canonical(state.transcript))
    found.push(`${callId} has another transcript in R2 than its ledger says`);
  return found;
}

async function inDatabase({ callId, state }: CallRecord, worker: WorkerServer): Promise<string[]> {
  const found: string[] = [];
  const row = await worker.database
    .prepare('SELECT phase, head, summary FROM calls WHERE call_id = ?')
    .bind(callId)
    .first<{ phase: string; head: number; summary: string }>();
  if (row === null) return [`${callId} is not in D1`];
  if (row.phase !== 'ended' || row.head !== state.head)
    found.push(
      `${callId} is ${row.phase} at event ${row.head} in D1, ${state.phase} at ${state.head} in its ledger`,
    );
  else if (canonical(JSON.parse(row.summary)) !== canonical(summarise(state)))
    found.push(`${callId} has another row in D1 than its ledger says`);
  const stored = await transcriptOf(worker.database, callId);
  if (canonical(stored) !== canonical(state.transcript))
    found.push(
      `${callId} has ${stored.length} lines in D1 and ${state.transcript.length} in its ledger, or others`,
    );
  return found;
}

/** JSON whatever the order in which an object's fields were written. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
