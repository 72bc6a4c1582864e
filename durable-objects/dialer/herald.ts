import type { Campaign } from '../../domain/campaign/campaign.ts';
import type { CampaignEventKind, Told } from '../../domain/campaign/campaign-event.ts';
import { eventKinds, nothingTold, toldOf } from '../../domain/campaign/campaign-event.ts';
import type { WaitsFor } from '../../domain/campaign/planner.ts';
import type { CampaignProgress } from '../../protocol/campaign-progress.ts';
import { log } from '../log.ts';
import type { DialerOutside, DialerSurroundings } from './dialer-surroundings.ts';
import type { ProgressBook } from './progress-book.ts';

/** How a campaign stands, as its dialer knows it. */
export interface Standing {
  /** Null: there is none. */
  readonly campaign: Campaign | null;
  readonly counts: ProgressBook['counts'];
  readonly nextAtMs: number | null;
  readonly waitsFor: WaitsFor | null;
}

/** Says how a campaign stands: to the board whenever that changed, to people and endpoints what became of it. */
export class Herald {
  readonly #around: DialerSurroundings;
  readonly #outside: DialerOutside;
  #announced = '';
  #revision = 0;

  constructor(around: DialerSurroundings, outside: DialerOutside) {
    this.#around = around;
    this.#outside = outside;
  }

  /** Under a number of its own: whoever asks may have heard nothing, or what was announced last. */
  progress({ campaign, counts, nextAtMs, waitsFor }: Standing): CampaignProgress | null {
    if (campaign === null) return null;
    // Grows over lives of the object, without a write.
    this.#revision = Math.max(this.#revision + 1, this.#around.nowMs());
    const { campaignId, name, status, pausedBecause } = campaign;
    return {
      campaignId,
      name,
      status,
      pausedBecause,
      revision: this.#revision,
      ...counts,
      recent: [...counts.recent],
      nextAtMs,
      waitsFor: status === 'running' ? waitsFor : null,
    };
  }

  async announce(standing: Standing): Promise<void> {
    const { campaign, ...rest } = standing;
    if (campaign === null) return;
    const { campaignId, name, status, pausedBecause } = campaign;
    const text = JSON.stringify([name, status, pausedBecause, rest]);
    if (text === this.#announced) return;
    const progress = this.progress(standing);
    try {
      if (progress !== null) await this.#outside.announce(progress);
      this.#announced = text;
    } catch (error) {
      log('warn', 'the board did not hear of a campaign', { campaignId, error: String(error) });
    }
  }

  /** What has become of it since people were told last. @throws Error when they could not be reached */
  async tell({ campaign, counts: { leads, dials } }: Standing): Promise<void> {
    if (campaign === null) return;
    const told = this.#around.kv.get<Told>('told') ?? nothingTold;
    for (const kind of eventKinds(campaign, told)) {
      await this.#outside.tell({
        id: `campaign:${campaign.campaignId}:${kind}:${nameOf(kind, campaign)}`,
        kind,
        atMs: this.#around.nowMs(),
        campaignId: campaign.campaignId,
        name: campaign.name,
        pausedBecause: campaign.pausedBecause,
        leads: Object.values(leads).reduce((sum, each) => sum + each, 0),
        reached: leads.reached,
        dials,
      });
    }
    const now = toldOf(campaign);
    if (JSON.stringify(now) !== JSON.stringify(told)) this.#around.kv.put('told', now);
  }
}

/** What tells one event of a kind from the next. */
function nameOf(kind: CampaignEventKind, campaign: Campaign): number {
  if (kind === 'started') return campaign.startedAtMs ?? 0;
  return kind === 'finished' ? (campaign.endedAtMs ?? 0) : campaign.version;
}
