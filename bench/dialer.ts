import { createHash, randomUUID } from 'node:crypto';
import type { Campaign, CampaignSettings } from '../domain/campaign/campaign.ts';
import { plan } from '../domain/campaign/planner.ts';
import { judgeDial } from '../domain/dial/judge.ts';
import type { QueuedLead } from '../database/dial-queue.ts';
import { queuedLeads } from '../database/dial-queue.ts';
import { campaignNamed } from '../database/campaigns.ts';
import { LiveDialer } from '../durable-objects/dialer/live-dialer.ts';
import { SimulatedStorage } from '../scripts/simulate/storage.ts';
import { SqliteTables, d1Over } from '../scripts/simulate-campaign/sqlite-d1.ts';
import { startBareWorker } from './bare-worker.ts';
import { machineMs } from './clock.ts';
import { RowCount } from './dialer/row-count.ts';
import type { BenchResult } from './result.ts';
import { figure, ratio } from './result.ts';
import { median, round, spread } from './statistics.ts';

const LEADS = 100_000;
const ROUNDS = 10;
const DIALS_A_ROUND = 100;
const D1_DIALS = 200;
const A_CHUNK = 2_000;
/** Between two dials on the bench's own clock, ms: no pace ever binds. */
const STEP_MS = 25;
const CARRIER = 'bench';
const CAMPAIGN = randomUUID();

const always = [{ from: 0, to: 1440 }];
const settings: CampaignSettings = {
  name: 'Bench',
  profile: 'auto-sales',
  script: 'Ask {{lead.name}}.',
  greeting: '',
  carrierId: CARRIER,
  callerId: null,
  concurrency: 500,
  callsPerSecond: 50,
  windows: { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always },
  retry: { busy: { afterMs: 86_400_000 }, noAnswer: null, voicemail: null, failed: null },
  attempts: 3,
  caps: { per24h: 3, lifetime: 10 },
  ringMs: 20_000,
  voicemail: 'hangUp',
  voicemailMessage: '',
  consent: 'written',
};

/**
 * A campaign of 100,000 leads: how long judging them takes, how long a dial takes from planned to settled beside the two
 * bare statements a claim cannot do without, both in SQLite in this process, and what a dial reads and writes in D1.
 */
export async function dialer(scope: AsyncDisposableStack): Promise<BenchResult> {
  const tables = new SqliteTables();
  const local = d1Over(tables, (work) => Promise.resolve().then(work));
  await furnish(local);
  const planned = await planAll(local);
  const ours: number[] = [];
  const bare: number[] = [];
  const ratios: number[] = [];
  const bench = new DialerBench(local);
  await bench.dial(DIALS_A_ROUND);
  for (let each = 0; each < ROUNDS; each++) {
    const floorMs = bareClaims(tables, each);
    const dialMs = await bench.dial(DIALS_A_ROUND);
    bare.push(floorMs);
    ours.push(dialMs);
    ratios.push(dialMs / floorMs);
  }

  const { worker } = await startBareWorker(scope);
  await furnish(worker.database);
  const counted = new RowCount(worker.database);
  const inD1 = new DialerBench(counted.database);
  await inD1.dial(20);
  counted.reset();
  const d1Ms = await inD1.dial(D1_DIALS);
  const { read, written, queries } = counted;
  return {
    bench: 'dialer',
    what: `${LEADS} leads in one campaign; a dial is judged, claimed, chained, requested and settled`,
    measured: {
      'judging a lead': spread(planned.judgedMs),
      'a dial, SQLite in this process': spread(ours),
      'bare claim (insert, update), the same SQLite': spread(bare),
    },
    figures: {
      [`planning ${LEADS} leads`]: figure(planned.totalMs, 'ms'),
      'a dial to its bare claim': { ...ratio(median(ratios), 1) },
      'D1 rows read a dial': figure(read / D1_DIALS, 'rows'),
      'D1 rows written a dial': figure(written / D1_DIALS, 'rows'),
      'D1 requests a dial': figure(queries / D1_DIALS, 'requests'),
    },
    notes: [
      `${planned.allowed} of ${LEADS} were allowed; leads are read ${A_CHUNK} at a time, ${round(planned.readMs)} ms of it.`,
      `${ROUNDS} rounds of ${DIALS_A_ROUND} dials after ${ROUNDS} of bare claims, taking turns; each value is a round's mean.`,
      `D1 is workerd's, over ${D1_DIALS} dials of ${round(d1Ms)} ms each from another process; rows written count index entries.`,
      'A telephone that rings adds the last look: two requests, a row written.',
    ],
  };
}

async function furnish(database: D1Database): Promise<void> {
  const hour = new Date().getUTCHours();
  const noon = hour === 12 ? 'Etc/GMT' : `Etc/GMT${hour > 12 ? '+' : ''}${hour - 12}`;
  await database.batch([
    database
      .prepare(
        `INSERT INTO carriers (carrier_id, kind, name, settings, calls_per_second, concurrency, enabled, created_at_ms)
         VALUES (?, 'lab', 'Bench', '{}', 1000, 5000, 1, 0)`,
      )
      .bind(CARRIER),
    database.prepare('UPDATE dial_limits SET concurrency = 5000, calls_per_second = 1000'),
    database
      .prepare(
        `INSERT INTO campaigns (campaign_id, name, status, settings, version, created_at_ms, started_at_ms)
         VALUES (?, 'Bench', 'running', ?, 1, 0, 0)`,
      )
      .bind(CAMPAIGN, JSON.stringify(settings)),
  ]);
  for (let from = 0; from < LEADS; from += A_CHUNK) {
    const leads = Array.from({ length: A_CHUNK }, (_none, index) => from + index);
    await database
      .prepare(
        `INSERT INTO leads (lead_id, campaign_id, phone, name, zone, fields, status, created_at_ms)
         SELECT printf('lead-%08d', value), ?2, printf('+4178%07d', value), 'Robin', ?3, '{}', 'waiting', 0
         FROM json_each(?1)`,
      )
      .bind(JSON.stringify(leads), CAMPAIGN, noon)
      .run();
  }
}

/** Every lead once, as a dialer would that had room for all: read in chunks, judged one by one. */
async function planAll(
  database: D1Database,
): Promise<{ judgedMs: number[]; readMs: number; totalMs: number; allowed: number }> {
  const campaign = (await campaignNamed(database, CAMPAIGN)) as Campaign;
  const nowMs = Date.now();
  const judgedMs: number[] = [];
  let [readMs, totalMs, allowed] = [0, 0, 0];
  const startedAtMs = machineMs();
  const all: QueuedLead[] = await queuedLeads(database, CAMPAIGN, nowMs, LEADS);
  readMs = machineMs() - startedAtMs;
  for (let from = 0; from < all.length; from += A_CHUNK) {
    const chunk = all.slice(from, from + A_CHUNK);
    const beganAtMs = machineMs();
    const planned = plan(chunk.length, chunk, ({ lead, history }) =>
      judgeDial(lead, campaign, history, nowMs),
    );
    judgedMs.push((machineMs() - beganAtMs) / chunk.length);
    allowed += planned.dial.length;
  }
  totalMs = machineMs() - startedAtMs;
  return { judgedMs, readMs, totalMs, allowed };
}

/** The least that a claim is: a row and the lead's state, in a transaction. @returns ms a claim */
function bareClaims(tables: SqliteTables, nth: number): number {
  const startedAtMs = machineMs();
  for (let index = 0; index < DIALS_A_ROUND; index++) {
    const lead = LEADS - 1 - (nth * DIALS_A_ROUND + index);
    const leadId = `lead-${String(lead).padStart(8, '0')}`;
    tables.together(() => {
      tables.all(
        `INSERT INTO dials (call_id, campaign_id, lead_id, phone, carrier_id, started_at_ms)
         SELECT ?1, 'bare', lead_id, phone, 'bare', 0 FROM leads WHERE lead_id = ?2`,
        `bare-${lead}`,
        leadId,
      );
      tables.all(`UPDATE leads SET status = 'withdrawn', attempts = attempts + 1 WHERE lead_id = ?`, leadId);
    });
  }
  return (machineMs() - startedAtMs) / DIALS_A_ROUND;
}

/** The product's dialer over a database, with calls that end as soon as they began. */
class DialerBench {
  readonly #dialer: LiveDialer;
  readonly #settling: Promise<void>[] = [];
  #nowMs = Date.now();
  #left = 0;

  constructor(database: D1Database) {
    const { sql, kv, ...storage } = memory();
    const around = {
      sql,
      kv,
      ...storage,
      nowMs: () => this.#nowMs,
      setAlarm: () => undefined,
      background: () => undefined,
    };
    this.#dialer = new LiveDialer(
      around,
      {
        database,
        media: 'livekit',
        newCallId: () => randomUUID(),
        sha256: (text) => createHash('sha256').update(text).digest('hex'),
        freeSeats: () => Promise.resolve(this.#left),
        requestCall: ({ callId, lead, dial }) => {
          this.#left -= 1;
          this.#nowMs += STEP_MS;
          const end = {
            callId,
            chain: dial?.decision.chain ?? null,
            leadId: lead?.leadId ?? null,
            campaignId: lead?.campaignId ?? null,
            outcome: 'busy' as const,
            endedAtMs: this.#nowMs,
            answeredAtMs: null,
            rung: true,
            doNotCall: false,
            callBackForAtMs: null,
          };
          this.#settling.push(Promise.resolve().then(() => this.#dialer.settle(end)));
          return Promise.resolve();
        },
        callNews: () => Promise.resolve('goingOn' as const),
        announce: () => Promise.resolve(),
        tell: () => Promise.resolve(),
        wakeCampaign: () => Promise.resolve(),
      },
      CAMPAIGN,
    );
  }

  /** @returns ms a dial, until all have been settled */
  async dial(calls: number): Promise<number> {
    this.#left = calls;
    // Those of the round before have their seats: none of them is still on its way to one.
    this.#nowMs += 2_000;
    const startedAtMs = machineMs();
    this.#dialer.alarm();
    await this.#dialer.idle();
    await Promise.all(this.#settling.splice(0));
    await this.#dialer.idle();
    if (this.#left !== 0) throw new Error(`${this.#left} calls were not dialled`);
    return (machineMs() - startedAtMs) / calls;
  }
}

function memory() {
  const storage = new SimulatedStorage();
  return {
    sql: storage.sql,
    kv: storage.kv,
    transaction: (work: () => void) => storage.transaction(work),
  };
}
