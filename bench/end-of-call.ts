import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { ledgerKey } from '../durable-objects/archive.ts';
import type { AgentDoor } from './agent-door.ts';
import type { BareWorker } from './bare-worker.ts';
import { startBareWorker } from './bare-worker.ts';
import { machineMs, until } from './clock.ts';
import type { BenchResult } from './result.ts';
import { ratio } from './result.ts';
import { median, spread } from './statistics.ts';
import { words } from './words.ts';

const UTTERANCES = 5_000;
/** The protocol's limit for one POST. */
const PER_POST = 200;
const ROUNDS = 6;
/** From the agent's last word to a call that stands whole in D1 and R2; against the bare batch of the same rows. */
export async function endOfCall(scope: AsyncDisposableStack): Promise<BenchResult> {
  const bare = await startBareWorker(scope);
  const d1Ms: number[] = [];
  const r2Ms: number[] = [];
  const rawMs: number[] = [];
  for (let i = 0; i <= ROUNDS; i++) {
    const door = await bare.openCall();
    await fill(bare, door);
    const took = await end(bare, door);
    const raw = await writeRaw(bare.worker.database, door.callId, i);
    // The first one warms everything up.
    if (i === 0) continue;
    d1Ms.push(took.d1Ms);
    r2Ms.push(took.r2Ms);
    rawMs.push(raw);
  }
  const d1 = spread(d1Ms);
  const raw = spread(rawMs);
  return {
    bench: 'end-of-call',
    what: `the end of a call of ${UTTERANCES} utterances until all of it is in D1 and R2`,
    measured: {
      'row and utterances in D1': d1,
      'ledger in R2': spread(r2Ms),
      'raw D1 batch of the rows': raw,
    },
    figures: {
      'D1 to the raw batch': ratio(median(d1Ms), median(rawMs)),
    },
    notes: [
      `${ROUNDS} calls, each followed by its peer: one D1 batch from Node of the same rows, a plain insert each.`,
      'Ours counts from the observation that ends the call and includes finding out: D1 and R2 are asked every 5 ms.',
      'The peer crosses from Node into workerd, as does the asking.',
    ],
  };
}

async function fill(bare: BareWorker, door: AgentDoor): Promise<void> {
  const hello = { type: 'hello', protocol: PROTOCOL_VERSION, session: 'bench', identity: 'agent-bench' };
  for (let from = 0; from < UTTERANCES; from += PER_POST) {
    const observations = Array.from({ length: PER_POST }, (_, n) => ({
      id: `p${from + n}`,
      observation: words(),
    }));
    await bare.post(`/api/agent/calls/${door.callId}/observations`, `Bearer ${door.doorToken}`, {
      hello: { ...hello, clockMs: Date.now() },
      observations,
    });
  }
}

async function end(bare: BareWorker, door: AgentDoor): Promise<{ d1Ms: number; r2Ms: number }> {
  const { database, archive } = bare.worker;
  const count = database
    .prepare(
      `SELECT (SELECT sum(json_array_length(utterances)) FROM transcripts WHERE call_id = ?1) AS words,
              (SELECT phase FROM calls WHERE call_id = ?1) AS phase`,
    )
    .bind(door.callId);
  const startedAtMs = machineMs();
  door.observe({ type: 'sessionEnding', by: 'agent', reason: 'the bench is over' });
  const inD1 = until('the call in D1', async () => {
    const row = await count.first<{ words: number; phase: string }>();
    return row?.phase === 'ended' && row.words === UTTERANCES ? machineMs() : null;
  });
  const inR2 = until('the ledger in R2', async () => {
    const kept = await archive.head(ledgerKey(door.callId));
    return kept !== null && Number(kept.customMetadata?.head) > UTTERANCES ? machineMs() : null;
  });
  return { d1Ms: (await inD1) - startedAtMs, r2Ms: (await inR2) - startedAtMs };
}

/** The same rows for a call of another name, as one batch of plain inserts. */
async function writeRaw(database: D1Database, callId: string, round: number): Promise<number> {
  const { results } = await database
    .prepare('SELECT page, utterances FROM transcripts WHERE call_id = ? ORDER BY page')
    .bind(callId)
    .all<{ page: number; utterances: string }>();
  const call = await database
    .prepare('SELECT * FROM calls WHERE call_id = ?')
    .bind(callId)
    .first<Record<string, unknown>>();
  if (call === null || results.length === 0) throw new Error('the call is not whole');
  const copy = `raw-${round}`;
  const columns = Object.keys(call);
  const statements = [
    database
      .prepare(`INSERT INTO calls (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
      .bind(...Object.values({ ...call, call_id: copy })),
    ...results.map((row) =>
      database.prepare('INSERT INTO transcripts VALUES (?, ?, ?)').bind(copy, row.page, row.utterances),
    ),
  ];
  const startedAtMs = machineMs();
  await database.batch(statements);
  return machineMs() - startedAtMs;
}
