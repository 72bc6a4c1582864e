import type { CampaignProgress } from '../protocol/campaign-progress.ts';

/** Its dialer may still change it by itself. */
const mayChange = ({ status }: CampaignProgress): boolean =>
  status === 'scheduled' || status === 'running' || status === 'paused';

/** Campaigns on the board. Storage has which may still change, so that their dialers can be asked after memory was lost. */
export class BoardCampaigns {
  readonly #sql: SqlStorage;
  readonly #known = new Map<string, CampaignProgress>();
  readonly #stored = new Set<string>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec('CREATE TABLE IF NOT EXISTS campaign (campaign_id TEXT PRIMARY KEY) WITHOUT ROWID');
    for (const row of sql.exec<{ campaign_id: string }>('SELECT campaign_id FROM campaign'))
      this.#stored.add(row.campaign_id);
  }

  /** @returns false for news that is older than what is known */
  set(progress: CampaignProgress): boolean {
    const known = this.#known.get(progress.campaignId);
    if (known !== undefined && known.revision >= progress.revision) return false;
    this.#known.set(progress.campaignId, progress);
    this.#store(progress.campaignId, mayChange(progress));
    return true;
  }

  get(campaignId: string): CampaignProgress | undefined {
    return this.#known.get(campaignId);
  }

  all(): readonly CampaignProgress[] {
    return [...this.#known.values()];
  }

  /** Those whose dialers are to be asked how they stand. */
  forgotten(): readonly string[] {
    return [...this.#stored].filter((each) => !this.#known.has(each));
  }

  #store(campaignId: string, wanted: boolean): void {
    if (wanted === this.#stored.has(campaignId)) return;
    if (wanted) {
      this.#stored.add(campaignId);
      this.#sql.exec('INSERT OR IGNORE INTO campaign (campaign_id) VALUES (?)', campaignId);
    } else {
      this.#stored.delete(campaignId);
      this.#sql.exec('DELETE FROM campaign WHERE campaign_id = ?', campaignId);
    }
  }
}
