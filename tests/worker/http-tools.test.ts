import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { HttpToolRow } from '../../protocol/api/http-tools.ts';
import { addLead, heartbeat, newCampaign } from './campaign-world.ts';
import type { Headers } from './profile-world.ts';
import { auditOf, content, editing, publish, published, save, send } from './profile-world.ts';
import { ask, welcomedAgent, post, signIn } from './world.ts';

let admin: Headers;
beforeAll(async () => {
  admin = await signIn('admin');
});

const tool = (over: object = {}) => ({
  description: 'Looks up an order by its number.',
  method: 'GET',
  url: 'https://orders.customer.com/v1/order',
  parameters: {
    type: 'object',
    properties: { order: { type: 'string', description: 'As on the receipt' } },
    required: ['order'],
  },
  headers: { authorization: 'Bearer {{secret.CRM}}' },
  timeoutMs: 5_000,
  ...over,
});
const put = (name: string, what: unknown, who = admin): Promise<Response> =>
  send('PUT', `/api/http-tools/${name}`, who, what);
const remove = (name: string): Promise<Response> => send('DELETE', `/api/http-tools/${name}`, admin);
const listed = async (who = admin): Promise<HttpToolRow[]> =>
  (await (await ask('/api/http-tools', { headers: who })).json<{ tools: HttpToolRow[] }>()).tools;
let names = 0;
const freshName = (): string => `order_${++names}`;

/** What the agent of a call is told as it comes. */
async function welcomeOf(callId: string) {
  const { agent, welcome } = await welcomedAgent(callId);
  agent.socket.close();
  return welcome;
}

describe('PROFILE-8 tools of one’s own', () => {
  it('are listed with the secrets they stand on, never with a value', async () => {
    const name = freshName();
    const made = await put(name, tool());
    expect(await made.json()).toMatchObject({
      tool: { name, method: 'GET', timeoutMs: 5_000 },
      secrets: [{ setting: 'TOOL_SECRET_CRM', present: true }],
      usedBy: [],
    });
    const other = freshName();
    await put(other, tool({ headers: { 'x-api-key': '{{secret.ABSENT}}' } }));
    const rows = await listed(await signIn('supervisor'));
    expect(rows.find((each) => each.tool.name === other)!.secrets).toEqual([
      { setting: 'TOOL_SECRET_ABSENT', present: false },
    ]);
    expect(JSON.stringify(rows)).not.toContain('test-tool-secret');
    // Put again it is changed, not doubled.
    await put(name, tool({ method: 'POST' }));
    const same = (await listed()).filter((each) => each.tool.name === name);
    expect(same.map((each) => each.tool.method)).toEqual(['POST']);
    expect(await auditOf(`httpTool:${name}`)).toEqual([
      { action: 'httpTool.set', detail: 'GET' },
      { action: 'httpTool.set', detail: 'POST' },
    ]);
    expect((await ask('/api/http-tools', { headers: await signIn('operator') })).status).toBe(403);
  });

  const deep = { type: 'object', properties: { a: { type: 'object', properties: {} } } };
  const many = {
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`p${n}`, { type: 'string' }])),
  };
  const long = {
    type: 'object',
    properties: Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`p${n}`, { type: 'string', description: 'x'.repeat(450) }]),
    ),
  };
  it.each([
    ['plain http', { url: 'http://orders.customer.com/' }, 'url', 422],
    ['this machine', { url: 'https://localhost/' }, 'url', 422],
    ['an IP address', { url: 'https://10.0.0.1/' }, 'url', 422],
    ['a password in the address', { url: 'https://u:p@orders.customer.com/' }, 'url', 422],
    ['another port', { url: 'https://orders.customer.com:6379/' }, 'url', 422],
    ['another method', { method: 'DELETE' }, 'method', 400],
    ['a parameter of parts', { parameters: deep }, 'parameters.properties.a', 400],
    ['21 parameters', { parameters: many }, 'parameters.properties', 400],
    ['parameters of over 8 KiB', { parameters: long }, 'parameters', 400],
    [
      'a required parameter that is none',
      { parameters: { type: 'object', properties: {}, required: ['a'] } },
      'parameters.required',
      400,
    ],
    [
      'a list of values for a number',
      { parameters: { type: 'object', properties: { a: { type: 'number', enum: ['1'] } } } },
      'parameters.properties.a.enum',
      400,
    ],
    ['a secret written down', { headers: { Authorization: 'Bearer abc' } }, 'headers.Authorization', 400],
    ['a placeholder of nothing', { headers: { 'x-shop': '{{shop}}' } }, 'headers.x-shop', 400],
    ['a header of ours', { headers: { Host: 'internal' } }, 'headers', 400],
    ['a line break in a header', { headers: { 'x-shop': 'a\r\nb' } }, 'headers.x-shop', 400],
    ['half a second', { timeoutMs: 500 }, 'timeoutMs', 400],
    ['half a minute', { timeoutMs: 30_000 }, 'timeoutMs', 400],
  ])('%s is refused with the field named', async (_what, wrong, field, status) => {
    const name = freshName();
    const refused = await put(name, tool(wrong));
    expect(refused.status).toBe(status);
    const { errors } = await refused.json<{ errors: { field: string }[] }>();
    expect(errors.map((each) => each.field).some((each) => each.startsWith(field))).toBe(true);
    expect((await listed()).some((each) => each.tool.name === name)).toBe(false);
  });

  it('none is called as one that every agent has', async () => {
    expect((await put('end_call', tool())).status).toBe(409);
  });

  it('one that a published agent uses is not removed; a draft keeps none', async () => {
    const name = freshName();
    await put(name, tool());
    const slug = await published(admin, { httpTools: [name] });
    const refused = await remove(name);
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: 'conflict', errors: [{ problem: slug }] },
    ]);
    expect((await listed()).find((each) => each.tool.name === name)!.usedBy).toEqual([slug]);
    await editing(save(slug, 1, content(), admin));
    expect((await remove(name)).status).toBe(409);
    await editing(publish(slug, 2, admin));
    expect((await remove(name)).status).toBe(204);
    expect((await remove(name)).status).toBe(404);
    expect((await auditOf(`httpTool:${name}`)).map((each) => each.action)).toEqual([
      'httpTool.set',
      'httpTool.removed',
    ]);
    // The old draft names a tool that is gone: it cannot go out.
    await editing(save(slug, 2, content({ httpTools: [name] }), admin));
    expect((await publish(slug, 3, admin)).status).toBe(409);
  });

  it('an agent is told name, description and parameters of its own tools, as they were when the call began', async () => {
    const name = freshName();
    await put(name, tool());
    const slug = await published(admin, { httpTools: [name] });
    const token = await ask(`/api/getToken?agent=${slug}`, { headers: { 'cf-connecting-ip': slug } });
    const { callId } = await token.json<{ callId: string }>();
    await put(name, tool({ description: 'Something else since.' }));
    await env.CALL_ROOM.getByName(callId).take({
      type: 'agentChosen',
      hostId: 'host-1',
      agentName: 'silent',
    });
    const { httpTools } = await welcomeOf(callId);
    expect(httpTools).toEqual([{ name, description: tool().description, parameters: tool().parameters }]);
    expect(JSON.stringify(httpTools)).not.toContain('orders.customer.com');
  });
});

describe('PROFILE-7 placeholders of instructions', () => {
  it('a lead’s data is filled in where the lead is called; the name is pointed to, never put in', async () => {
    await heartbeat();
    const instructions = 'Ask {{contact.name}} about {{lead.vehicle}}.';
    const slug = await published(admin, { instructions });
    const { campaignId } = await newCampaign(admin, { profile: slug, script: 'Be kind.' });
    const leadId = await addLead(campaignId);
    const called = await post(`/api/leads/${leadId}/call`, {}, admin);
    const { callId } = await called.json<{ callId: string }>();
    const room = env.CALL_ROOM.getByName(callId);
    await vi.waitFor(async () => expect(await room.summary()).not.toBeNull());
    const { events } = (await room.events(0))!;
    expect(events[0]).toMatchObject({ briefing: { instructions: 'Ask {{contact.name}} about a red one.' } });
    const offered = events.some((each) => each.type === 'agentOffered');
    if (!offered) await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' });
    const { profile, contact } = await welcomeOf(callId);
    expect(profile.instructions).toBe('Ask the customer (customerName in the call details) about a red one.');
    expect(contact.name).toBe('Robin Hood');
    // Who may not see a lead's data sees none of it here either.
    const viewer = await signIn('viewer');
    const seen = await (await ask(`/api/calls/${callId}/events?since=0`, { headers: viewer })).text();
    expect(seen).not.toContain('a red one');
  });

  it('CAMP-1 a campaign whose leads lack a column that its agent asks for says so before it starts', async () => {
    const slug = await published(admin, { instructions: 'Ask about {{lead.boat}}.' });
    const { campaignId } = await newCampaign(admin, { profile: slug });
    await addLead(campaignId);
    const { problems } = await (
      await ask(`/api/campaigns/${campaignId}/problems`, { headers: admin })
    ).json<{ problems: { code: string; message: string }[] }>();
    expect(problems.find((each) => each.code === 'placeholderUnknown')!.message).toContain('{{lead.boat}}');
  });
});
