import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { CallBack } from '../../protocol/api/call-backs.ts';
import { projectCall } from '../../database/calls.ts';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallEvent, CallFact } from '../../domain/call/fact.ts';
import { uuidv7 } from 'uuidv7';
import { ask, post, signIn } from './world.ts';

type Page = { callBacks: CallBack[]; nextCursor: string | null };

/** The ledger of a call whose customer was promised a call back. */
function promised(callId: string, promisedAtMs: number, name = 'Robin Hood'): CallEvent[] {
  const facts: CallFact[] = [
    {
      type: 'callRequested',
      callId,
      epoch: callId,
      room: `call-${callId}`,
      profile: 'auto-sales',
      channel: 'web',
      media: 'livekit',
      contact: { name },
      requestedBy: 'customer',
    },
    { type: 'callBackPromised', reason: 'noAgent' },
    { type: 'callEnded', outcome: 'noAgent', endedBy: 'system', reason: 'nobody could take the call' },
  ];
  return facts.map((fact, index) => ({ ...fact, seq: index + 1, atMs: promisedAtMs }));
}

async function owe(promisedAtMs: number, name?: string): Promise<string> {
  const callId = uuidv7();
  await projectCall(env.DB, foldCall(promised(callId, promisedAtMs, name))!);
  return callId;
}

const list = async (who: Record<string, string>, query = ''): Promise<Page> =>
  (await ask(`/api/call-backs${query}`, { headers: who })).json<Page>();
const settle = (callId: string, who: Record<string, string>): Promise<Response> =>
  post(`/api/call-backs/${callId}/settle`, '', who);

describe('call backs', () => {
  it('those owed come oldest first, page by page, and a settled one moves to the others, newest first', async () => {
    const admin = await signIn('admin');
    const second = await owe(2_000);
    const first = await owe(1_000);
    const third = await owe(3_000);
    const page = await list(admin, '?limit=2');
    expect(page.callBacks.map((each) => each.callId)).toEqual([first, second]);
    expect(page.callBacks[0]).toEqual({
      callId: first,
      contactName: 'Robin Hood',
      profile: 'auto-sales',
      promisedAtMs: 1_000,
      settledAtMs: null,
    });
    const rest = await list(admin, `?limit=2&cursor=${page.nextCursor}`);
    expect(rest).toMatchObject({ callBacks: [{ callId: third }], nextCursor: null });

    await settle(first, admin);
    await settle(third, admin);
    expect((await list(admin, '?state=owed')).callBacks.map((each) => each.callId)).toEqual([second]);
    const settled = (await list(admin, '?state=settled')).callBacks;
    expect(settled.map((each) => each.callId).sort()).toEqual([first, third].sort());
    const times = settled.map((each) => each.settledAtMs!);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  it('settling is recorded with who did it; again changes nothing', async () => {
    const callId = await owe(1_000);
    const operator = await signIn('operator');
    const once = await settle(callId, operator);
    expect(once.status).toBe(200);
    const { callBack } = await once.json<{ callBack: CallBack }>();
    expect(callBack.settledAtMs).toBeGreaterThan(1_000);
    const again = await settle(callId, await signIn('supervisor'));
    expect(await again.json()).toMatchObject({ callBack: { settledAtMs: callBack.settledAtMs } });
    const entries = await env.DB.prepare(
      `SELECT actor FROM audit WHERE action = 'callBack.settled' AND subject = ?`,
    )
      .bind(`call:${callId}`)
      .all<{ actor: string }>();
    const row = await env.DB.prepare('SELECT settled_by FROM call_backs WHERE call_id = ?')
      .bind(callId)
      .first<{ settled_by: string }>();
    expect(entries.results).toEqual([{ actor: row!.settled_by }]);
  });

  it('a call that promised nothing, or is not known, is 404; a viewer may look and not settle', async () => {
    const viewer = await signIn('viewer');
    expect((await settle(uuidv7(), await signIn('operator'))).status).toBe(404);
    expect((await settle('nothing', await signIn('operator'))).status).toBe(404);
    const callId = await owe(1_000);
    expect((await settle(callId, viewer)).status).toBe(403);
    expect((await ask('/api/call-backs', { headers: viewer })).status).toBe(200);
    expect((await ask('/api/call-backs?cursor=x.y', { headers: viewer })).status).toBe(400);
    expect((await ask('/api/call-backs?state=lost', { headers: viewer })).status).toBe(400);
  });

  it('PRIVACY-12 no projection makes a settled call back owed again, or takes it away', async () => {
    const callId = await owe(1_000);
    await settle(callId, await signIn('admin'));
    const events = promised(callId, 1_000);
    await projectCall(env.DB, foldCall(events)!);
    const late: CallEvent = {
      type: 'usageReported',
      sttAudioMs: 1,
      llmInputTokens: 0,
      llmOutputTokens: 0,
      ttsCharacters: 0,
      ttsAudioMs: 0,
      seq: 4,
      atMs: 5_000,
    };
    await projectCall(env.DB, foldCall([...events, late])!);
    const row = await env.DB.prepare('SELECT settled_at_ms FROM call_backs WHERE call_id = ?')
      .bind(callId)
      .first<{ settled_at_ms: number | null }>();
    expect(row?.settled_at_ms).toBeGreaterThan(1_000);
  });

  it('an older projection that arrives late takes no promise away', async () => {
    const callId = await owe(1_000);
    await projectCall(env.DB, foldCall(promised(callId, 1_000).slice(0, 1))!);
    const row = await env.DB.prepare('SELECT promised_at_ms FROM call_backs WHERE call_id = ?')
      .bind(callId)
      .first<{ promised_at_ms: number }>();
    expect(row).toEqual({ promised_at_ms: 1_000 });
  });
});
