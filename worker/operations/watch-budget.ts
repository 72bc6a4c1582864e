import { systemAuditIfChanged } from '../../database/audit.ts';
import { readBudget, runningCampaigns, tellOnce } from '../../database/budget.ts';
import { moveCampaign } from '../../database/campaigns.ts';
import { ALERT_SHARE, spendingOf } from '../../domain/cost/budget.ts';
import type { Env } from '../../durable-objects/env.ts';
import { noticesOf } from '../../durable-objects/env.ts';
import { log } from '../../durable-objects/log.ts';
import { wakeDialer } from '../../durable-objects/wake-dialer.ts';

/**
 * Tells people once a month that the budget is nearly spent, and pauses what still dials when it is (BUDGET-2). A dialer tells
 * of its pause itself.
 */
export async function watchBudget(env: Env, nowMs: number): Promise<void> {
  const { monthMicros, spentMicros, monthBeganAtMs } = await readBudget(env.DB, nowMs);
  const spending = spendingOf({ monthMicros }, spentMicros);
  if (spending === 'within') return;
  if (spending === 'spent') await pauseAll(env, nowMs);
  if (!(await tellOnce(env.DB, monthBeganAtMs, spending))) return;
  const sentence =
    spending === 'near'
      ? `More than ${ALERT_SHARE * 100} % of this month’s budget is spent.`
      : 'The budget of this month is spent: campaigns are paused.';
  await noticesOf(env).take({
    id: `budget:${monthBeganAtMs}:${monthMicros}:${spending}`,
    kind: 'budgetNear',
    severity: spending === 'near' ? 'warning' : 'urgent',
    atMs: nowMs,
    callId: null,
    sentence,
  });
}

async function pauseAll(env: Env, nowMs: number): Promise<void> {
  for (const campaignId of await runningCampaigns(env.DB)) {
    const done = { action: 'campaign.paused', subject: `campaign:${campaignId}`, detail: 'budget' } as const;
    const move = { to: 'paused', from: ['running'], pausedBecause: 'budget' } as const;
    await moveCampaign(env.DB, campaignId, move, systemAuditIfChanged(env.DB, done, nowMs));
    // It looks by itself before it dials; told at once, it shows at once.
    await wakeDialer(env, campaignId).catch((error: unknown) =>
      log('warn', 'a dialer was not told that the budget is spent', { campaignId, error: String(error) }),
    );
  }
}
