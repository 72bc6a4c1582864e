import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { interestIn, resultOf, resultsOwed } from '../../database/results.ts';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallState } from '../../domain/call/state.ts';
import type { Env } from '../../durable-objects/env.ts';
import { judgeCall } from '../../durable-objects/judge-call.ts';
import type * as z from 'zod/mini';
import { uuidv7 } from 'uuidv7';
import type { CallListSchema } from '../../protocol/api/calls.ts';
import type { ResultReply } from '../../protocol/api/results.ts';
import { freshAddress, plan, receivedBy, textOf } from './receivers.ts';
import { ask, callInProgress, signIn, words } from './world.ts';

const SAID = 'I would like to buy the silver heron.';
const DAY_MS = 86_400_000;

type CallList = z.infer<typeof CallListSchema>;

let model: string;
let modelEnv: Env;
beforeEach(() => {
  model = freshAddress('/v1');
  modelEnv = { ...env, RESULT_MODEL_URL: model, RESULT_MODEL_KEY: 'k', RESULT_MODEL: 'reader-1' };
});

const verdict = (change: object = {}): object => ({
  summary: 'The customer wants the silver heron.',
  disposition: 'interested',
  interest: 'high',
  interestQuotes: [{ n: 1, words: 'buy the silver heron' }],
  sentiment: [{ n: 1, value: 2 }],
  answers: [],
  nextStep: 'Send the papers.',
  topics: ['heron'],
  ...change,
});
const answering = (content: unknown) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ choices: [{ message: { content: JSON.stringify(content) } }] }),
});
const completions = (): string => `${model}/chat/completions`;

/** A call in which this was said, ended and projected. */
async function endedCall(
  said = SAID,
): Promise<{ callId: string; room: Awaited<ReturnType<typeof callInProgress>>['room']; state: CallState }> {
  const { callId, room, session } = await callInProgress();
  await room.observe(session, { id: 'o1', observation: words('u1', said) });
  await room.take({ type: 'hangUp', by: 'u1' });
  await vi.waitFor(async () => expect(await resultOf(env.DB, callId)).not.toBeNull());
  return { callId, room, state: await stateOf(callId) };
}

/** As the object folds it. */
async function stateOf(callId: string): Promise<CallState> {
  const page = await env.CALL_ROOM.getByName(callId).events(0);
  const call = foldCall(page?.events ?? []);
  if (call === null) throw new Error('the call exists');
  return call;
}

const read = async (callId: string, role: 'admin' | 'viewer' = 'admin'): Promise<ResultReply> =>
  (await ask(`/api/calls/${callId}/result`, { headers: await signIn(role) })).json<ResultReply>();

describe('RESULT-1 every call that ended has a result', () => {
  it('by rules, the moment its row is there', async () => {
    const { callId } = await endedCall();
    expect(await read(callId)).toMatchObject({
      result: { source: 'rules', interest: { level: 'high', quotes: [{ utteranceId: 'u1', text: SAID }] } },
      correction: null,
    });
  });

  it('by a model, once for the same words, whose answer replaces that of the rules', async () => {
    const { callId, state } = await endedCall();
    await plan(completions(), answering(verdict()));
    await Promise.all([judgeCall(modelEnv, state), judgeCall(modelEnv, state)]);
    await judgeCall(modelEnv, state);
    expect(await read(callId)).toMatchObject({
      result: { source: 'model', model: 'reader-1', nextStep: 'Send the papers.', topics: ['heron'] },
    });
    const asked = await receivedBy(completions());
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(asked[0]?.headers['authorization']).toBe('Bearer k');
    expect(JSON.parse(textOf(asked[0]!))).toMatchObject({
      model: 'reader-1',
      response_format: { type: 'json_schema', json_schema: { name: 'call_result', strict: true } },
    });
  });

  it.each([
    ['no model is reachable', { status: 503 }],
    ['it answers no JSON', { status: 200, body: '<html>' }],
    ['it answers something else', answering({ interest: 'enormous' })],
    ['it answers with a field too many', answering(verdict({ transferMoney: true }))],
  ])('by rules still, marked as such and asked for again later, when %s', async (_what, answer) => {
    const { callId, state } = await endedCall();
    await plan(completions(), answer, answering(verdict()));
    await judgeCall(modelEnv, state);
    expect((await read(callId)).result.source).toBe('rules');
    expect(await resultsOwed(env.DB, Date.now() + 30_000, 1_000)).not.toContain(callId);
    expect(await resultsOwed(env.DB, Date.now() + DAY_MS, 1_000)).toContain(callId);
    // The model is back.
    await judgeCall(modelEnv, state);
    expect((await read(callId)).result.source).toBe('model');
    expect(await resultsOwed(env.DB, Date.now() + DAY_MS, 1_000)).not.toContain(callId);
  });

  it.each([
    ['as an object', (content: object): unknown => content],
    ['as text', (content: object): unknown => JSON.stringify(content)],
  ])('by Cloudflare’s own model where it is bound, which answers %s', async (_how, written) => {
    const { callId, state } = await endedCall();
    const run = vi.fn((_model: string, _asked: object) => Promise.resolve({ response: written(verdict()) }));
    await judgeCall({ ...env, AI: { run }, RESULT_MODEL: '@cf/meta/reader' }, state);
    expect(await read(callId)).toMatchObject({ result: { source: 'model', model: '@cf/meta/reader' } });
    expect(run.mock.calls[0]).toMatchObject([
      '@cf/meta/reader',
      { response_format: { type: 'json_schema', json_schema: { type: 'object' } } },
    ]);
  });

  it('anew when late words change what was said', async () => {
    const { callId, room, state } = await endedCall('Hello.');
    await plan(
      completions(),
      answering(verdict({ interest: 'none', interestQuotes: [] })),
      answering(verdict()),
    );
    await judgeCall(modelEnv, state);
    await room.observe('session-1', { id: 'late', observation: words('u2', SAID) });
    await vi.waitFor(async () => expect((await read(callId)).result.source).toBe('rules'));
    expect((await read(callId)).result.interest.level).toBe('high');
    await judgeCall(modelEnv, state);
    expect((await read(callId)).result.source).toBe('rules');
  });

  it('not at all where the call is unknown, has not ended, or its words were erased', async () => {
    const { callId } = await callInProgress();
    const headers = await signIn('admin');
    expect((await ask(`/api/calls/${callId}/result`, { headers })).status).toBe(404);
    const ended = await endedCall();
    await plan(completions(), answering(verdict()));
    await ended.room.erase({ words: true, contact: false, by: 'user:1' });
    await vi.waitFor(async () => expect(await resultOf(env.DB, ended.callId)).toBeNull());
    // A judgement that was under way comes too late.
    await judgeCall(modelEnv, ended.state);
    expect(await resultOf(env.DB, ended.callId)).toBeNull();
  });
});

describe('RESULT-4 people put a result right', () => {
  const correct = async (callId: string, body: object, role: 'operator' | 'viewer' = 'operator') =>
    ask(`/api/calls/${callId}/correction`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...(await signIn(role)) },
      body: JSON.stringify(body),
    });

  it('what was judged is kept beside it, a model does not undo it, and the log has no words of the call', async () => {
    const { callId, state } = await endedCall();
    const note = 'They meant a heron of silver.';
    expect((await correct(callId, { interest: 'low', note })).status).toBe(200);
    await plan(completions(), answering(verdict()));
    await judgeCall(modelEnv, state);
    expect(await read(callId)).toMatchObject({
      result: { source: 'model', interest: { level: 'high' } },
      correction: { correction: { interest: 'low', note } },
    });
    const row = await env.DB.prepare('SELECT interest, disposition FROM call_results WHERE call_id = ?')
      .bind(callId)
      .first();
    expect(row).toEqual({ interest: 'low', disposition: 'interested' });
    const { results } = await env.DB.prepare('SELECT * FROM audit WHERE subject = ?')
      .bind(`call:${callId}`)
      .all();
    expect(JSON.stringify(results)).toContain('call.resultCorrected');
    expect(JSON.stringify(results)).not.toContain('heron');
  });

  it('not by who only looks, and not with what is no result', async () => {
    const { callId } = await endedCall();
    expect((await correct(callId, { interest: 'low', note: null }, 'viewer')).status).toBe(403);
    expect((await correct(callId, { interest: 'gigantic', note: null })).status).toBe(400);
    expect((await correct('no-call', { note: null })).status).toBe(404);
  });
});

it('PRIVACY-1 a result is masked like the words it quotes', async () => {
  const { callId } = await endedCall('I would like to buy it, call +1 202 555 0143.');
  expect(JSON.stringify(await read(callId))).toContain('555 0143');
  expect(JSON.stringify(await read(callId, 'viewer'))).not.toContain('555 0143');
});

describe('where calls are listed', () => {
  const list = async (query: string): Promise<CallList> =>
    (await ask(`/api/calls?status=ended&${query}`, { headers: await signIn('supervisor') })).json<CallList>();

  it('history is narrowed by what calls came to, as it was put right', async () => {
    const wanted = await endedCall();
    const other = await endedCall('What time do you close?');
    const found = async (query: string): Promise<string[]> =>
      (await list(query)).calls.map((call) => call.callId);
    expect(await found('interest=high&limit=100')).toContain(wanted.callId);
    expect(await found('interest=high&limit=100')).not.toContain(other.callId);
    const put = await ask(`/api/calls/${other.callId}/correction`, {
      method: 'PUT',
      headers: { ...(await signIn('admin')), 'content-type': 'application/json' },
      body: JSON.stringify({ interest: 'high', disposition: 'wrongPerson', note: null }),
    });
    expect(put.status).toBe(200);
    expect(await found('interest=high&limit=100')).toContain(other.callId);
    const { results } = await list('disposition=wrongPerson');
    expect(results?.[other.callId]).toEqual({ disposition: 'wrongPerson', interest: 'high' });
    expect((await ask('/api/calls?interest=huge', { headers: await signIn('admin') })).status).toBe(400);
  });

  it('exports say it too', async () => {
    const { callId } = await endedCall();
    const headers = await signIn('admin');
    const csv = await (await ask('/api/calls-export?interest=high', { headers })).text();
    expect(csv.split('\r\n')[0]).toContain('"disposition","interest"');
    expect(csv.split('\r\n').find((line) => line.includes(callId))).toContain('"interested","high"');
    const lines = await (await ask('/api/calls-export?format=ndjson&interest=high', { headers })).text();
    const line = lines.split('\n').find((each) => each.includes(callId));
    expect(JSON.parse(line!)).toMatchObject({ result: { disposition: 'interested', interest: 'high' } });
  });

  it('a campaign counts the conversations that showed it', async () => {
    const { callId } = await endedCall();
    const campaignId = uuidv7();
    await env.DB.prepare('UPDATE calls SET campaign_id = ?2 WHERE call_id = ?1')
      .bind(callId, campaignId)
      .run();
    expect(await interestIn(env.DB, campaignId)).toEqual({ none: 0, low: 0, medium: 0, high: 1 });
    expect(await interestIn(env.DB, uuidv7())).toEqual({ none: 0, low: 0, medium: 0, high: 0 });
  });
});
