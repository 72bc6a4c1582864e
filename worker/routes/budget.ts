import { Hono } from 'hono';
import { changeBudget, readBudget } from '../../database/budget.ts';
import { measuredCalls } from '../../database/speed.ts';
import { speedOf } from '../../domain/cost/speed.ts';
import * as contracts from '../../protocol/api/budget.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { serve } from '../http/serve.ts';

export const budgetRoutes = new Hono<AppEnv>();

serve(budgetRoutes, contracts.getBudget, (c) => readBudget(c.env.DB, Date.now()));

serve(budgetRoutes, contracts.setBudget, async (c, { body }) => {
  const before = await readBudget(c.env.DB, Date.now());
  if (before.monthMicros !== body.monthMicros) {
    const detail = `${before.monthMicros ?? 'none'} → ${body.monthMicros ?? 'none'}`;
    await changeBudget(c.env.DB, body, auditOf(c, 'budget.changed', { detail }));
  }
  return { ...before, ...body };
});

serve(budgetRoutes, contracts.getSpeed, async (c) => {
  const byProfile = Map.groupBy(await measuredCalls(c.env.DB, Date.now()), ({ profile }) => profile);
  const profiles = [...byProfile].map(([profile, calls]) => ({
    profile,
    calls: calls.length,
    ...speedOf(calls.flatMap(({ turnMs }) => turnMs)),
    costMicros: calls.reduce((sum, { costMicros }) => sum + costMicros, 0),
  }));
  return { profiles: profiles.sort((one, other) => one.profile.localeCompare(other.profile)) };
});
