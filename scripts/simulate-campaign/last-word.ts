import { leadStatuses } from '../../domain/lead/lead.ts';
import { settlePromises } from '../simulate/drain.ts';
import type { CampaignProgress } from '../../protocol/board.ts';
import type { DialerHost } from './dialer-host.ts';
import { chainBreaks } from './judge.ts';
import type { Violation } from './one-campaign.ts';
import type { SqliteTables } from './sqlite-d1.ts';

const over = new Set(['reached', 'exhausted', 'unreachable', 'doNotCall', 'withdrawn']);

/** What must be true of a campaign when all is quiet; null: it is. */
export function lastWord(tables: SqliteTables, campaignId: string, host: DialerHost): Violation | null {
  const say = (rule: string, what: string): Violation => ({ rule, what });
  const leads = tables.all<{ status: string; n: number }>(
    'SELECT status, count(*) AS n FROM leads WHERE campaign_id = ? GROUP BY status',
    campaignId,
  );
  const open = leads.find((each) => !over.has(each.status));
  if (open !== undefined) return say('CAMP-1', `${open.n} leads are ${open.status} for ever`);
  const [live] = tables.all<{ n: number }>(
    'SELECT count(*) AS n FROM dials WHERE campaign_id = ? AND ended_at_ms IS NULL',
    campaignId,
  );
  if ((live?.n ?? 0) > 0) return say('DIAL-5', `${live?.n} slots were never given back`);
  if (host.booked() > 0) return say('DIAL-8', 'dials are under way for ever');
  const [campaign] = tables.all<{ status: string }>(
    'SELECT status FROM campaigns WHERE campaign_id = ?',
    campaignId,
  );
  if (campaign?.status !== 'finished') return say('CAMP-1', `it is ${campaign?.status} for ever`);
  const broken = chainBreaks(tables, campaignId, host.chainHead());
  if (broken !== null) return say('DIAL-7', broken);
  return counts(tables, campaignId, host.announced, leads, say);
}

/** What the board heard last is what D1 has (CAMP-6). */
function counts(
  tables: SqliteTables,
  campaignId: string,
  heard: CampaignProgress | null,
  leads: readonly { readonly status: string; readonly n: number }[],
  say: (rule: string, what: string) => Violation,
): Violation | null {
  settlePromises();
  if (heard === null) return say('CAMP-6', 'the board never heard of it');
  for (const status of leadStatuses) {
    const n = leads.find((each) => each.status === status)?.n ?? 0;
    if (heard.leads[status] !== n)
      return say('CAMP-6', `${heard.leads[status]} leads ${status} on the board, ${n} in D1`);
  }
  const dials = tables.all<{ outcome: string; n: number }>(
    'SELECT outcome, count(*) AS n FROM dials WHERE campaign_id = ? GROUP BY outcome',
    campaignId,
  );
  const all = dials.reduce((sum, each) => sum + each.n, 0);
  if (heard.dials !== all || heard.live !== 0)
    return say('CAMP-6', `${heard.dials} dials on the board, ${all} in D1`);
  for (const { outcome, n } of dials)
    if ((heard.outcomes as Record<string, number>)[outcome] !== n)
      return say('CAMP-6', `outcome ${outcome} differs from D1`);
  return null;
}
