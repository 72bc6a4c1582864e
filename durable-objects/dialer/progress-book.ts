import type { CampaignCounts, MinuteOfDials } from '../../database/campaign-counts.ts';
import { MINUTE_MS, countCampaign, noLeads, recentMinutes } from '../../database/campaign-counts.ts';
import type { Settled } from '../../database/dials.ts';
import type { Settlement } from '../../domain/dial/settlement.ts';
import type { LeadStatus } from '../../domain/lead/lead.ts';

/** Minutes of dials that are shown. */
const MINUTES = 30;
/** Counting anew reads an entry a lead: it is done no more often than this many leads a millisecond allow, and once a second. */
const LEADS_A_MS = 50;
const COUNT_AGAIN_MS = 1_000;

/**
 * A campaign's counts as D1 has them (CAMP-6): what this dialer changes is reckoned along; what others change, and
 * whatever is not known for sure, is counted anew.
 */
export class ProgressBook {
  readonly #database: D1Database;
  readonly #campaignId: string;
  readonly #nowMs: () => number;
  #leads: Record<LeadStatus, number> = { ...noLeads };
  #outcomes: Record<string, number> = {};
  #dials = 0;
  #live = 0;
  #minutes: MinuteOfDials[] = [];
  #unsure = true;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | null = null;
  readonly #changing = new Set<Promise<unknown>>();
  /** Raised with each change: a count that was overtaken by one is not taken. */
  #changes = 0;

  constructor(database: D1Database, campaignId: string, nowMs: () => number) {
    this.#database = database;
    this.#campaignId = campaignId;
    this.#nowMs = nowMs;
  }

  /** Something was changed by others, or it is not known what came of a change. */
  doubt(): void {
    this.#unsure = true;
    this.#changes += 1;
  }

  get isUnsure(): boolean {
    return this.#unsure;
  }

  /** When it may be counted anew; null when it need not be. */
  get countAgainAtMs(): number | null {
    if (!this.#unsure) return null;
    const leads = Object.values(this.#leads).reduce((sum, each) => sum + each, 0);
    return this.#countedAtMs + Math.max(COUNT_AGAIN_MS, leads / LEADS_A_MS);
  }

  /** Counts anew if there is doubt and it is time, or `now`. */
  async settle(now: boolean): Promise<void> {
    const dueAtMs = this.countAgainAtMs;
    if (dueAtMs === null || (!now && dueAtMs > this.#nowMs())) return;
    this.#counting ??= this.#countAnew().finally(() => (this.#counting = null));
    await this.#counting;
  }

  /** Does what changes the counts, while nobody counts: else a busy campaign could never be counted. */
  async change<T>(work: () => Promise<T>): Promise<T> {
    while (this.#counting !== null) await this.#counting.catch(() => undefined);
    const changing = work();
    this.#changing.add(changing);
    try {
      return await changing;
    } finally {
      this.#changing.delete(changing);
    }
  }

  async #countAnew(): Promise<void> {
    await Promise.allSettled(this.#changing);
    const changes = this.#changes;
    const nowMs = this.#nowMs();
    const counts = await countCampaign(this.#database, this.#campaignId);
    const minutes = await recentMinutes(this.#database, this.#campaignId, firstMinute(nowMs));
    this.#countedAtMs = nowMs;
    if (changes !== this.#changes) return;
    this.#leads = { ...counts.leads };
    this.#outcomes = { ...counts.outcomes };
    this.#dials = counts.dials;
    this.#live = counts.live;
    this.#minutes = [...minutes];
    this.#unsure = false;
  }

  dialled(calls: number): void {
    this.#changes += 1;
    this.#move('waiting', 'dialling', calls);
    this.#dials += calls;
    this.#live += calls;
    this.#minute(this.#nowMs(), (each) => ({ ...each, dials: each.dials + calls }));
  }

  putOff(statuses: readonly LeadStatus[]): void {
    if (statuses.length === 0) return;
    this.#changes += 1;
    for (const status of statuses) this.#move('waiting', status, 1);
  }

  settled(end: Settlement, { freed, lead, late }: Settled, startedAtMs: number | null): void {
    if (late || (freed && startedAtMs === null)) return this.doubt();
    this.#changes += 1;
    if (lead !== null) this.#move('dialling', lead, 1);
    if (!freed || startedAtMs === null) return;
    this.#live -= 1;
    this.#outcomes[end.outcome] = (this.#outcomes[end.outcome] ?? 0) + 1;
    if (end.answeredAtMs !== null && end.outcome !== 'voicemail')
      this.#minute(startedAtMs, (each) => ({ ...each, answered: each.answered + 1 }));
  }

  get counts(): CampaignCounts & { readonly recent: readonly MinuteOfDials[] } {
    const fromMs = firstMinute(this.#nowMs());
    const atLeastNone = Object.entries(this.#leads).map(([status, count]) => [status, Math.max(0, count)]);
    return {
      leads: Object.fromEntries(atLeastNone) as Record<LeadStatus, number>,
      outcomes: { ...this.#outcomes },
      dials: this.#dials,
      live: Math.max(0, this.#live),
      recent: this.#minutes.filter((each) => each.atMs >= fromMs),
    };
  }

  #move(from: LeadStatus, to: LeadStatus, leads: number): void {
    this.#leads[from] -= leads;
    this.#leads[to] += leads;
    // Somebody else changed one of them: never shown as less than none.
    if (this.#leads[from] < 0) this.#unsure = true;
  }

  #minute(atMs: number, change: (minute: MinuteOfDials) => MinuteOfDials): void {
    const startMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    const known = this.#minutes.find((each) => each.atMs === startMs);
    const others = this.#minutes.filter((each) => each.atMs !== startMs);
    this.#minutes = [...others, change(known ?? { atMs: startMs, dials: 0, answered: 0 })]
      .sort((a, b) => a.atMs - b.atMs)
      .slice(-MINUTES);
  }
}

const firstMinute = (nowMs: number): number => (Math.floor(nowMs / MINUTE_MS) - MINUTES + 1) * MINUTE_MS;
