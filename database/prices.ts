import type { Prices } from '../domain/cost/cost.ts';
import type { Profile } from '../domain/profile/profile.ts';
import { PricesSchema } from '../protocol/api/costs.ts';
import * as z from 'zod/mini';

/** The one row the migration wrote. */
export async function readPrices(database: D1Database): Promise<Prices> {
  const row = await database.prepare('SELECT prices FROM prices').first<{ prices: string }>();
  if (row === null) throw new Error('the migration wrote the one row');
  return z.parse(PricesSchema, JSON.parse(row.prices));
}

/** What a call of this profile is reckoned by while it runs; nothing is read where it may cost anything. */
export async function pricesOfRun(
  database: D1Database,
  { maximumSpendMicros }: Pick<Profile, 'maximumSpendMicros'>,
): Promise<{ readonly prices?: Prices }> {
  return maximumSpendMicros === null ? {} : { prices: await readPrices(database) };
}

export async function changePrices(
  database: D1Database,
  prices: Prices,
  audit: D1PreparedStatement,
): Promise<void> {
  await database.batch([
    database.prepare('UPDATE prices SET prices = ?1').bind(JSON.stringify(prices)),
    audit,
  ]);
}

/** What a campaign's ended calls have cost, millionths of a US dollar: each by the prices of its end. */
export async function spentBy(database: D1Database, campaignId: string): Promise<number> {
  const row = await database
    .prepare('SELECT coalesce(sum(cost_micros), 0) AS spent FROM calls WHERE campaign_id = ?1')
    .bind(campaignId)
    .first<{ spent: number }>();
  return row?.spent ?? 0;
}
