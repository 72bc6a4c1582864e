import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { monthBegan, spendingOf } from '../../domain/cost/budget.ts';
import { speedOf } from '../../domain/cost/speed.ts';
import { watchBudget } from '../../worker/operations/watch-budget.ts';
import { campaignRow } from './campaigns.ts';
import { ask, post, signIn } from './world.ts';

let admin: Record<string, string>;
beforeAll(async () => {
  admin = await signIn('admin');
});
const set = (monthMicros: number | null, headers = admin): Promise<Response> =>
  ask('/api/budget', {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ monthMicros }),
  });
const status = (campaignId: string) =>
  env.DB.prepare('SELECT status, paused_because AS because FROM campaigns WHERE campaign_id = ?1')
    .bind(campaignId)
    .first();
const told = async () =>
  (await env.NOTICES.getByName('notices').list('nobody', null, 50)).notifications.map(
    ({ sentence }) => sentence,
  );

/** A call that ended and cost so much. */
async function spent(costMicros: number, endedAtMs = Date.now(), turnMs: number[] = []): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO calls (call_id, profile, channel, phase, outcome, requested_at_ms, ended_at_ms, utterances, head, summary,
       cost_micros, turn_ms) VALUES (?1, 'budget-test', 'lab', 'ended', 'completed', ?2, ?2, 0, 1, '{}', ?3, ?4)`,
  )
    .bind(uuidv7(), endedAtMs, costMicros, JSON.stringify(turnMs))
    .run();
}
afterEach(async () => {
  await env.DB.prepare(`DELETE FROM calls WHERE profile = 'budget-test'`).run();
  await set(null);
});

describe('BUDGET-1 a month spends what its calls cost', () => {
  test('near from four fifths on, spent at the whole', () => {
    const budget = { monthMicros: 1_000 };
    expect([0, 799, 800, 999, 1_000, 5_000].map((micros) => spendingOf(budget, micros))).toEqual([
      'within',
      'within',
      'near',
      'near',
      'spent',
      'spent',
    ]);
    expect(spendingOf({ monthMicros: null }, 10 ** 12)).toBe('within');
    expect(spendingOf({ monthMicros: 0 }, 0)).toBe('spent');
  });

  test('by UTC, and calls of the month before are not in it', async () => {
    const began = monthBegan(Date.now());
    const before = await (await ask('/api/budget', { headers: admin })).json<{ spentMicros: number }>();
    await spent(700, began - 1);
    await spent(300, began);
    const after = await (await ask('/api/budget', { headers: admin })).json<{ spentMicros: number }>();
    expect(after.spentMicros - before.spentMicros).toBe(300);
  });

  test('only admins change it, and that is in the log', async () => {
    expect((await set(5_000_000, await signIn('supervisor'))).status).toBe(403);
    expect((await set(5_000_000)).status).toBe(200);
    expect((await set(-1)).status).toBe(400);
    const { results } = await env.DB.prepare(
      `SELECT detail FROM audit WHERE action = 'budget.changed' ORDER BY rowid DESC LIMIT 1`,
    ).all();
    expect(results).toEqual([{ detail: 'none → 5000000' }]);
  });
});

describe('BUDGET-2 when it is spent nothing more is dialled', () => {
  test('near is told once; spent pauses what runs, and nothing starts or goes on until it is raised', async () => {
    const campaignId = await campaignRow('running');
    await spent(900_000);
    await set(1_000_000);
    await watchBudget(env, Date.now());
    await watchBudget(env, Date.now());
    expect((await told()).filter((each) => each.includes('80 %'))).toHaveLength(1);
    expect(await status(campaignId)).toMatchObject({ status: 'running' });
    await spent(200_000);
    await watchBudget(env, Date.now());
    await watchBudget(env, Date.now());
    expect(await status(campaignId)).toEqual({ status: 'paused', because: 'budget' });
    expect(
      (await told()).filter((each) => each.startsWith('The budget of this month is spent')),
    ).toHaveLength(1);
    const resumed = await post(`/api/campaigns/${campaignId}/resume`, {}, admin);
    expect(resumed.status).toBe(409);
    const { problems } = await (
      await ask(`/api/campaigns/${campaignId}/problems`, { headers: admin })
    ).json<{ problems: { code: string }[] }>();
    expect(problems.map(({ code }) => code)).toContain('budgetSpent');
    await set(100_000_000);
    expect((await post(`/api/campaigns/${campaignId}/resume`, {}, admin)).status).toBe(200);
    await post(`/api/campaigns/${campaignId}/stop`, {}, admin);
  });
});

describe('how fast agents answered', () => {
  test('by nearest rank', () => {
    expect(speedOf([])).toEqual({ turns: 0, p50Ms: null, p95Ms: null, p99Ms: null });
    expect(speedOf([300])).toMatchObject({ p50Ms: 300, p95Ms: 300, p99Ms: 300 });
    const hundred = Array.from({ length: 100 }, (_none, index) => (index + 1) * 10).reverse();
    expect(speedOf(hundred)).toEqual({ turns: 100, p50Ms: 500, p95Ms: 950, p99Ms: 990 });
  });

  test('by profile, of the last calls', async () => {
    await spent(100, Date.now(), [400, 600]);
    await spent(200, Date.now(), [500]);
    const { profiles } = await (
      await ask('/api/speed', { headers: admin })
    ).json<{ profiles: { profile: string }[] }>();
    expect(profiles.find(({ profile }) => profile === 'budget-test')).toEqual({
      ...{ profile: 'budget-test', calls: 2, turns: 3, p50Ms: 500, p95Ms: 600, p99Ms: 600, costMicros: 300 },
    });
  });
});
