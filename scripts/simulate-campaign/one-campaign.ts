import type { CallRequested } from '../../domain/call/fact.ts';
import type { Campaign } from '../../domain/campaign/campaign.ts';
import { requireOwnTurn, settlePromises } from '../simulate/drain.ts';
import { Chance } from '../simulate/random.ts';
import { VirtualClock } from '../simulate/virtual-clock.ts';
import { campaignOf } from '../../database/campaigns.ts';
import { DialerHost } from './dialer-host.ts';
import { CARRIER, boundsOf, someSettings, someWindows, startDays } from './happenings.ts';
import { CampaignJudge } from './judge.ts';
import { lastWord } from './last-word.ts';
import { SimulatedCall } from './simulated-call.ts';
import { SqliteTables, d1Over } from './sqlite-d1.ts';
import type { Trouble } from './trouble.ts';
import { calm, someTrouble, travelOf } from './trouble.ts';
import { someone } from './whereabouts.ts';

export interface Violation {
  readonly rule: string;
  readonly what: string;
}
export interface CampaignHistory {
  /** Numbers that rang. */
  readonly dials: number;
  readonly refused: number;
  readonly evictions: number;
  readonly violation: Violation | null;
}

const DAY_MS = 86_400_000;
const SEATS = 30;
/** Trouble and happenings, then quiet until everything is done. */
const TROUBLED_MS = 4 * DAY_MS;
const QUIET_MS = 60 * DAY_MS;
const LOOK_MS = 60 * 60_000;

let tables: SqliteTables | null = null;

/** One history: a few campaigns over one D1, their dialers, everyone they call, and everything that can go wrong. */
export function simulateCampaigns(seed: number): CampaignHistory {
  requireOwnTurn();
  tables ??= new SqliteTables();
  tables.begin();
  const history = new History(seed, tables);
  try {
    return history.play();
  } finally {
    history.close();
    tables.forget();
  }
}

class History {
  readonly #chance: Chance;
  readonly #clock: VirtualClock;
  readonly #tables: SqliteTables;
  readonly #judge: CampaignJudge;
  readonly #hosts = new Map<string, DialerHost>();
  readonly #calls = new Map<string, SimulatedCall>();
  readonly #phones: string[] = [];
  readonly #database: D1Database;
  #trouble: Trouble;
  #seats = 0;
  #ids = 0;
  #violation: Violation | null = null;
  readonly #quietAtMs: number;

  constructor(seed: number, over: SqliteTables) {
    this.#chance = new Chance(seed);
    const startMs = Date.parse(`${this.#chance.pick(startDays)}T00:00:00Z`) - this.#chance.between(0, 36) * LOOK_MS;
    this.#clock = new VirtualClock(startMs + this.#chance.between(0, 3_600_000));
    this.#quietAtMs = this.#clock.nowMs + TROUBLED_MS;
    this.#tables = over;
    this.#trouble = someTrouble(this.#chance);
    this.#judge = new CampaignJudge(this.#clock, over, (rule, what) => (this.#violation ??= { rule, what }));
    const life = { gone: false };
    const noEviction = (): Trouble => ({ ...this.#trouble, evicts: 0 });
    this.#database = d1Over(
      over,
      travelOf(this.#clock, this.#chance.fork(), noEviction, life, () => undefined),
    );
  }

  play(): CampaignHistory {
    this.#furnish();
    const endsAtMs = this.#quietAtMs + QUIET_MS;
    this.#clock.at(this.#quietAtMs, () => this.#calm());
    settlePromises();
    while (this.#violation === null && !this.#done && this.#clock.step(endsAtMs)) settlePromises();
    if (this.#violation === null) this.#lastWords();
    return {
      dials: this.#judge.rings_,
      refused: this.#count(`SELECT count(*) AS n FROM decisions WHERE verdict = 'refused'`),
      evictions: [...this.#hosts.values()].reduce((sum, each) => sum + each.evictions, 0),
      violation: this.#violation,
    };
  }

  close(): void {
    for (const host of this.#hosts.values()) host.close();
  }

  #count(sql: string): number {
    return this.#tables.all<{ n: number }>(sql)[0]?.n ?? 0;
  }

  #furnish(): void {
    const chance = this.#chance;
    const lane = { concurrency: chance.between(1, 25), callsPerSecond: chance.pick([0.5, 1, 2.5, 5, 20]) };
    const all = { concurrency: chance.between(1, 25), callsPerSecond: chance.pick([0.5, 1, 2.5, 5, 20]) };
    this.#tables.all(
      `INSERT INTO carriers (carrier_id, kind, name, settings, calls_per_second, concurrency, enabled, created_at_ms)
       VALUES (?, 'lab', 'Lab', '{}', ?, ?, 1, 0)`,
      CARRIER,
      lane.callsPerSecond,
      lane.concurrency,
    );
    this.#limit(all);
    const open = { windows: {} as never, per24h: 0, lifetime: 0, attempts: 0 };
    this.#judge.bound('carrier', { ...open, ...lane });
    for (let each = chance.between(1, 3); each > 0; each--) this.#campaign();
    for (let each = chance.between(3, 40); each > 0; each--)
      this.#clock.after(chance.between(0, TROUBLED_MS), () => this.#happen());
  }

  #limit({ concurrency, callsPerSecond }: { concurrency: number; callsPerSecond: number }): void {
    this.#tables.all('UPDATE dial_limits SET concurrency = ?, calls_per_second = ?', concurrency, callsPerSecond);
    this.#judge.bound('all', {
      windows: {} as never,
      per24h: 0,
      lifetime: 0,
      attempts: 0,
      concurrency,
      callsPerSecond,
    });
  }

  #campaign(): void {
    const campaignId = `campaign-${this.#hosts.size + 1}`;
    const settings = someSettings(this.#chance);
    this.#tables.all(
      `INSERT INTO campaigns (campaign_id, name, status, settings, version, created_at_ms, started_at_ms)
       VALUES (?, 'simulated', 'running', ?, 1, 0, ?)`,
      campaignId,
      JSON.stringify(settings),
      this.#clock.nowMs,
    );
    this.#judge.bound(campaignId, boundsOf(settings));
    const world = {
      clock: this.#clock,
      chance: this.#chance.fork(),
      tables: this.#tables,
      trouble: () => this.#trouble,
      newCallId: () => `call-${++this.#ids}`,
      freeSeats: () => SEATS - this.#seats,
      requestCall: (request: Omit<CallRequested, 'type'>) => this.#request(request),
      callNews: (callId: string) => this.#calls.get(callId)?.news() ?? ('unknown' as const),
    };
    const host = new DialerHost(world, campaignId);
    this.#hosts.set(campaignId, host);
    for (let leads = this.#chance.between(10, 200); leads > 0; leads--) this.#lead(campaignId);
    host.wake();
  }

  #lead(campaignId: string): void {
    const again = this.#phones.length > 0 && this.#chance.happens(0.15);
    const { where, phone } = someone(this.#chance);
    // The same number in another campaign: whoever imported it gave the same whereabouts, for the judge to know them.
    const number = again ? this.#chance.pick(this.#phones) : phone;
    const leadId = `lead-${++this.#ids}`;
    const known = this.#placeOf.get(number) ?? where;
    this.#placeOf.set(number, known);
    const consent = this.#chance.happens(0.8) ? 'on a form' : null;
    const { length } = this.#tables.all(
      `INSERT INTO leads (lead_id, campaign_id, phone, zone, postal_code, fields, consent, status, created_at_ms)
       VALUES (?, ?, ?, ?, ?, '{}', ?, 'waiting', 0) ON CONFLICT DO NOTHING RETURNING lead_id`,
      leadId,
      campaignId,
      number,
      known.zone,
      known.postalCode,
      consent,
    );
    if (length === 0) return;
    this.#phones.push(number);
    this.#judge.livesAt(leadId, known);
  }

  readonly #placeOf = new Map<string, ReturnType<typeof someone>['where']>();

  #request(request: Omit<CallRequested, 'type'>): void {
    if (this.#calls.has(request.callId)) return;
    const world = {
      clock: this.#clock,
      chance: this.#chance.fork(),
      judge: this.#judge,
      database: this.#database,
      trouble: () => this.#trouble,
      settle: (end: Parameters<DialerHost['settle']>[0]) =>
        this.#hosts.get(end.chain ?? '')?.settle(end) ?? Promise.resolve(),
      suppressed: (phone: string) => this.#suppressedInCall(phone),
      seat: (taken: number) => void (this.#seats = Math.max(0, this.#seats + taken)),
    };
    this.#calls.set(request.callId, new SimulatedCall(world, request));
  }

  /** Somebody does something, and the dialer mostly hears of it. */
  #happen(): void {
    const chance = this.#chance;
    const [campaignId, host] = chance.pick([...this.#hosts]);
    const row = this.#tables.all<Parameters<typeof campaignOf>[0]>(
      'SELECT * FROM campaigns WHERE campaign_id = ?',
      campaignId,
    )[0];
    if (row === undefined) return;
    const campaign = campaignOf(row);
    const what = chance.next();
    if (what < 0.3) this.#suppress(this.#someNumber());
    else if (what < 0.5) this.#edit(campaign);
    else if (what < 0.6) this.#pause(campaign);
    else if (what < 0.7)
      this.#limit({ concurrency: chance.between(1, 25), callsPerSecond: chance.pick([0.5, 1, 5, 20]) });
    else if (what < 0.8) this.#switchOff();
    else if (what < 0.9) for (let leads = chance.between(1, 10); leads > 0; leads--) this.#lead(campaignId);
    else this.#tables.all(`UPDATE leads SET status = 'withdrawn' WHERE phone = ? AND status = 'waiting'`, chance.pick(this.#phones));
    if (!chance.happens(this.#trouble.sleeps)) host.wake();
  }

  /** The call's own effect: on the list, and every campaign that has the number hears of it. */
  #suppressedInCall(phone: string): void {
    this.#judge.suppressed(phone);
    for (const host of this.#hosts.values()) if (!this.#chance.happens(this.#trouble.sleeps)) host.wake();
  }

  #switchOff(): void {
    this.#tables.all('UPDATE carriers SET enabled = 0');
    this.#clock.after(this.#chance.between(1_000, 3_600_000), () =>
      this.#tables.all('UPDATE carriers SET enabled = 1'),
    );
  }

  /** Mostly one that is being called this moment: that is where a list can come too late. */
  #someNumber(): string {
    const live = this.#tables.all<{ phone: string }>('SELECT phone FROM dials WHERE ended_at_ms IS NULL');
    return live.length > 0 && this.#chance.happens(0.7)
      ? this.#chance.pick(live).phone
      : this.#chance.pick(this.#phones);
  }

  #suppress(phone: string): void {
    this.#tables.all(
      `INSERT INTO suppressions (phone, source, reason, added_by, added_at_ms) VALUES (?, 'person', 'asked', 'x', ?)
       ON CONFLICT DO NOTHING`,
      phone,
      this.#clock.nowMs,
    );
    this.#tables.all(
      `UPDATE leads SET status = 'doNotCall' WHERE phone = ? AND status IN ('waiting', 'exhausted')`,
      phone,
    );
    this.#judge.suppressed(phone);
  }

  #edit(campaign: Campaign): void {
    const fresh = someSettings(this.#chance);
    const settings = this.#chance.happens(0.5) ? fresh : { ...fresh, windows: someWindows(this.#chance) };
    this.#tables.all(
      'UPDATE campaigns SET settings = ?, version = version + 1 WHERE campaign_id = ?',
      JSON.stringify(settings),
      campaign.campaignId,
    );
    this.#judge.bound(campaign.campaignId, boundsOf(settings));
  }

  #pause({ campaignId, status }: Campaign): void {
    if (status !== 'running') return;
    this.#tables.all(
      `UPDATE campaigns SET status = 'paused', paused_because = 'byPerson', version = version + 1 WHERE campaign_id = ?`,
      campaignId,
    );
    this.#clock.after(this.#chance.between(1_000, DAY_MS), () => this.#resume(campaignId));
  }

  #resume(campaignId: string): void {
    this.#tables.all(
      `UPDATE campaigns SET status = 'running', paused_because = NULL, ended_at_ms = NULL, version = version + 1
       WHERE campaign_id = ? AND status IN ('paused', 'finished')`,
      campaignId,
    );
    this.#hosts.get(campaignId)?.wake();
  }

  #done = false;

  /** From here on everything works, and all must come to an end; is it there? Somebody looks every hour. */
  #calm(): void {
    this.#quieten();
    const look = (): void => {
      this.#done = this.#allDone();
      if (!this.#done) this.#clock.after(LOOK_MS, look);
    };
    this.#clock.after(LOOK_MS, look);
  }

  #quieten(): void {
    this.#trouble = calm;
    this.#tables.all('UPDATE carriers SET enabled = 1');
    for (const campaignId of this.#hosts.keys()) this.#resume(campaignId);
  }

  #allDone(): boolean {
    // The abandon brake may hold it: people let it go on.
    for (const { id } of this.#tables.all<{ id: string }>(
      `SELECT campaign_id AS id FROM campaigns WHERE status = 'paused'`,
    ))
      this.#resume(id);
    const open = this.#count(`SELECT count(*) AS n FROM campaigns WHERE status <> 'finished'`);
    const live = this.#count('SELECT count(*) AS n FROM dials WHERE ended_at_ms IS NULL');
    const booked = [...this.#hosts.values()].reduce((sum, each) => sum + each.booked(), 0);
    return open === 0 && live === 0 && booked === 0;
  }

  #lastWords(): void {
    for (const [campaignId, host] of this.#hosts) {
      const what = lastWord(this.#tables, campaignId, host);
      if (what !== null) this.#violation ??= what;
    }
  }
}
