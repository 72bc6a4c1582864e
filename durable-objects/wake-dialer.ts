import type { Env } from './env.ts';
import { dialerOf } from './env.ts';

/** A campaign's leads or settings were changed: its dialer looks at them. Safe to repeat. */
export const wakeDialer = (env: Env, campaignId: string): Promise<void> =>
  dialerOf(env, campaignId).wake(campaignId);

/** A number was put on the do-not-call list: every campaign that has it counts anew. */
export async function wakeDialersOf(env: Env, phone: string): Promise<void> {
  const { results } = await env.DB.prepare(
    `SELECT DISTINCT l.campaign_id AS campaignId FROM leads l JOIN campaigns c ON c.campaign_id = l.campaign_id
     WHERE l.phone = ?1 AND c.archived_at_ms IS NULL`,
  )
    .bind(phone)
    .all<{ campaignId: string }>();
  await Promise.all(results.map(({ campaignId }) => wakeDialer(env, campaignId)));
}
