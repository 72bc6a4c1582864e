import type { Env } from '../durable-objects/env.ts';
import { app } from './app.ts';
import { autoCompleteStale } from './calls/auto-complete-stale.ts';
import { watchBudget } from './operations/watch-budget.ts';
import { judgeOwed } from './calls/judge-owed.ts';
import { beginRetention, goOnWithRetention } from './privacy/run-retention.ts';
import { runErasures } from './privacy/run-erasures.ts';

/** As in wrangler.toml; any other is the sweep. */
const DAILY = '0 3 * * *';

export { Board } from '../durable-objects/board.ts';
export { CallRoom } from '../durable-objects/call-room.ts';
export { CampaignDialer } from '../durable-objects/dialer/campaign-dialer.ts';
export { Fleet } from '../durable-objects/fleet.ts';
export { Notices } from '../durable-objects/notices.ts';
export { WebhookDesk } from '../durable-objects/webhook-desk.ts';

export default {
  fetch: app.fetch,
  async scheduled({ cron }, env) {
    const nowMs = Date.now();
    if (cron === DAILY) await beginRetention(env, nowMs);
    else
      await Promise.all([
        autoCompleteStale(env, nowMs),
        runErasures(env, nowMs),
        goOnWithRetention(env),
        judgeOwed(env, nowMs),
        watchBudget(env, nowMs),
      ]);
  },
} satisfies ExportedHandler<Env>;
