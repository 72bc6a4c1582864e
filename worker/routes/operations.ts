import { Hono } from 'hono';
import { anyUser } from '../../database/users.ts';
import * as contracts from '../../protocol/api/operations.ts';
import type { AppEnv } from '../app-env.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import type { Check } from '../operations/readiness.ts';
import { readiness } from '../operations/readiness.ts';
import { describeSettings } from '../settings-list.ts';
import { VERSION } from '../version.ts';

/** Readiness is open to anyone, so it is asked for at most once in this time and isolate. */
const READINESS_KEPT_MS = 2_000;
let kept: { readonly atMs: number; readonly checks: Promise<Check[]> } | null = null;

export const operationRoutes = new Hono<AppEnv>();

serve(operationRoutes, contracts.alive, () => 'ok');

serve(operationRoutes, contracts.getHealth, async (c) => {
  const { simulated, demoLogins } = c.get('settings');
  return { ok: true, version: VERSION, simulated, demoLogins, needsSetup: !(await anyUser(c.env.DB)) };
});

serve(operationRoutes, contracts.ready, async (c) => {
  const nowMs = Date.now();
  if (kept === null || nowMs - kept.atMs > READINESS_KEPT_MS) {
    kept = { atMs: nowMs, checks: readiness(c.env, c.get('settings')) };
  }
  const checks = await kept.checks;
  const failed = checks.filter((each) => !each.ok);
  if (failed.length === 0) return { ready: true, checks };
  return refuse(c, 'not_ready', 'Calls cannot be taken.', {
    detail: 'See which part failed.',
    errors: failed.map(({ name, detail }) => ({ field: name, problem: detail })),
  });
});

serve(operationRoutes, contracts.debugEnv, (c) => ({ version: VERSION, settings: describeSettings(c.env) }));
