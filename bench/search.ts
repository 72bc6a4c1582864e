import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HistoryFilter } from '../database/history.ts';
import { historyPage } from '../database/history.ts';
import { seededRandom } from '../agent-host/lab/seeded-random.ts';
import { argumentsOf } from '../scripts/arguments.ts';
import { demoLogins, seedDemoLogins } from '../scripts/stack/demo-logins.ts';
import { freePort } from '../scripts/stack/ports.ts';
import { signInCookie } from '../scripts/stack/sign-in.ts';
import { bundleWorker, startWorker } from '../scripts/stack/worker-server.ts';
import { machineMs } from './clock.ts';
import type { BenchResult } from './result.ts';
import { figure, ratio } from './result.ts';
import { percentile, spread } from './statistics.ts';

const ROUNDS = 40;
const PAGE = 50;
const DAY_MS = 86_400_000;
const ORIGIN = 'http://bench.test';

/** What people look for, each as the page asks for it and as the database is asked. */
const searches: readonly { readonly name: string; readonly query: string; readonly filter: HistoryFilter }[] =
  [
    { name: 'newest first', query: '', filter: {} },
    { name: 'a common word', query: 'text=car+', filter: { text: 'car ' } },
    { name: 'a rare word', query: 'text=word4711+', filter: { text: 'word4711 ' } },
    { name: 'two words', query: 'text=car+word99+', filter: { text: 'car word99 ' } },
    { name: 'a number', query: 'number=12025000777', filter: { number: '+12025000777' } },
    { name: 'a name', query: 'name=contact+4711', filter: { name: 'contact 4711' } },
    { name: 'a rare outcome', query: 'outcome=agentFailed', filter: { outcome: 'agentFailed' } },
  ];

/** Full-text and filtered history over a million calls: the API, beside the same query in SQLite itself. */
export async function search(scope: AsyncDisposableStack): Promise<BenchResult> {
  const calls = argumentsOf(process.argv.slice(2)).count('--calls', 1_000_000);
  const dir = mkdtempSync(join(tmpdir(), 'earshot-search-'));
  scope.defer(() => rmSync(dir, { recursive: true, force: true }));
  const bundleDir = await bundleWorker(join(dir, 'worker'));
  const start = async () =>
    startWorker({
      bundleDir,
      port: await freePort(),
      stateDir: join(dir, 'state'),
      limits: 'off',
      log: () => undefined,
      bindings: {
        APP_ORIGINS: ORIGIN,
        AUTH_SECRET: randomBytes(48).toString('base64url'),
        DOOR_SECRET: randomBytes(24).toString('base64url'),
        AGENT_HOST_KEY: randomBytes(24).toString('base64url'),
        SIMULATED: 'media,speech,callers',
      },
    });
  const empty = await start();
  await seedDemoLogins(empty.database);
  await empty.stop();
  const file = databaseFile(join(dir, 'state', 'd1'));
  const filledMs = fill(file, calls);
  const worker = await start();
  scope.defer(() => worker.stop());
  const cookie = await signInCookie(worker.url, ORIGIN, demoLogins[0]);
  const raw = new DatabaseSync(file, { readOnly: true });
  scope.defer(() => raw.close());

  const ours: Record<string, number[]> = {};
  const peers: Record<string, number[]> = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, query, filter } of searches) {
      const startedAtMs = machineMs();
      const response = await fetch(`${worker.url}/api/calls?status=ended&${query}`, { headers: { cookie } });
      const { calls: found } = (await response.json()) as { calls: unknown[] };
      const tookMs = machineMs() - startedAtMs;
      const rawStartedAtMs = machineMs();
      const page = await historyPage(asD1(raw), filter, null, PAGE);
      const rawMs = machineMs() - rawStartedAtMs;
      if (found.length !== page.calls.length || found.length === 0)
        throw new Error(`${name}: ${found.length} found, ${page.calls.length} by SQLite itself`);
      // The first one warms everything up.
      if (round === 0) continue;
      (ours[name] ??= []).push(tookMs);
      (peers[name] ??= []).push(rawMs);
    }
  }
  const all = Object.values(ours).flat();
  const allRaw = Object.values(peers).flat();
  return {
    bench: 'search',
    what: `a page of ${PAGE} of ${calls.toLocaleString('en-GB')} ended calls`,
    measured: Object.fromEntries(
      searches.flatMap(({ name }) => [
        [`${name}, API`, spread(ours[name] ?? [])],
        [`${name}, SQLite`, spread(peers[name] ?? [])],
      ]),
    ),
    figures: {
      'p95 of all, API': figure(percentile(all, 0.95), 'ms'),
      'p95 of all, to SQLite': ratio(percentile(all, 0.95), percentile(allRaw, 0.95)),
    },
    notes: [
      `Filled in ${Math.round(filledMs / 1000)} s, past the API. Calls of twelve words out of ten thousand, the common ones in every third.`,
      'The API is asked over HTTP with a session; SQLite in the bench’s own process, by the same function. Interleaved.',
    ],
  };
}

/** The one SQLite file that has our tables; the other is the emulator's own. */
function databaseFile(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.sqlite'),
  );
  for (const each of files) {
    const path = join(folder, each);
    const database = new DatabaseSync(path, { readOnly: true });
    const found = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'call_words'").get();
    database.close();
    if (found !== undefined) return path;
  }
  throw new Error(`no database below ${folder}`);
}

function fill(file: string, calls: number): number {
  const startedAtMs = machineMs();
  const database = new DatabaseSync(file);
  const random = seededRandom(7);
  database.exec('PRAGMA synchronous = off');
  const insertCall = database.prepare(
    `INSERT INTO calls (call_id, profile, channel, phase, outcome, contact_name, contact_key, phone, requested_at_ms,
       answered_at_ms, ended_at_ms, utterances, head, summary)
     VALUES (?, ?, 'phone', 'ended', ?, ?, ?, ?, ?, ?, ?, 2, 9, ?)`,
  );
  const insertWords = database.prepare(
    'INSERT INTO call_words (rowid, words) VALUES ((SELECT rowid FROM calls WHERE call_id = ?), ?)',
  );
  const nowMs = Date.now();
  database.exec('BEGIN');
  for (let each = 0; each < calls; each++) {
    const callId = `00000000-0000-7000-8000-${each.toString(16).padStart(12, '0')}`;
    const requestedAtMs = nowMs - Math.round(((calls - each) / calls) * 365 * DAY_MS);
    const endedAtMs = requestedAtMs + 20_000 + Math.floor(random() * 400_000);
    const outcome = each % 5_000 === 0 ? 'agentFailed' : each % 3 === 0 ? 'completed' : 'noAnswer';
    const name = `Contact ${each % 50_000}`;
    const number = `+1202500${String(each % 10_000).padStart(4, '0')}`;
    const summary = summaryOf(callId, name, number, outcome, requestedAtMs, endedAtMs);
    insertCall.run(
      callId,
      each % 4 === 0 ? 'loan-interest' : 'auto-sales',
      outcome,
      name,
      name.toLowerCase(),
      number,
      requestedAtMs,
      requestedAtMs,
      endedAtMs,
      summary,
    );
    insertWords.run(callId, wordsOf(each, random));
    if (each % 50_000 === 49_999) database.exec('COMMIT; BEGIN');
  }
  database.exec('COMMIT');
  database.close();
  return machineMs() - startedAtMs;
}

const wordsOf = (each: number, random: () => number): string =>
  [
    ...(each % 3 === 0 ? ['car'] : []),
    ...Array.from({ length: 12 }, () => `word${Math.floor(random() * random() * 10_000)}`),
  ].join(' ');

function summaryOf(
  callId: string,
  contactName: string,
  number: string,
  outcome: string,
  requestedAtMs: number,
  endedAtMs: number,
): string {
  return JSON.stringify({
    callId,
    profile: 'auto-sales',
    channel: 'phone',
    media: 'livekit',
    contactName,
    phase: 'ended',
    requestedAtMs,
    answeredAtMs: requestedAtMs,
    endedAtMs,
    outcome,
    agentHost: null,
    lastWords: { speaker: 'agent', text: 'Goodbye.' },
    utterances: 2,
    latencyMs: 640,
    attention: null,
    ribbon: Array.from({ length: 6 }, (_, n) => ['agent', n * 4_000, n * 4_000 + 2_500]),
    callBackPromisedAtMs: null,
    phone: { direction: 'outbound', number },
    head: 9,
  });
}

/** As much of D1 as a page of history asks of it. */
const asD1 = (database: DatabaseSync): D1Database =>
  ({
    prepare: (sql: string) => ({
      bind: (...values: (string | number)[]) => ({
        all: () => Promise.resolve({ results: database.prepare(sql).all(...values) }),
      }),
    }),
  }) as unknown as D1Database;
