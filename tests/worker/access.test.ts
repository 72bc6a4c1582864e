import { describe, expect, it } from 'vitest';
import { signDoorToken } from '../../durable-objects/door-token.ts';
import { signLabPhoneToken } from '../../durable-objects/telephony/lab-token.ts';
import { signCallToken } from '../../worker/access/call-token.ts';
import { roles } from '../../worker/access/principal.ts';
import { accessTable } from '../../worker/access/table.ts';
import { app } from '../../worker/app.ts';
import { catalog, undescribed } from '../../worker/openapi/catalog.ts';
import { routeName } from '../../protocol/api/contract.ts';
import { scopes } from '../../protocol/api/scopes.ts';
import { HOST, LAB, apiKey, ask, newPerson, signIn, signInAs } from './world.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

const routes = [
  ...new Set(app.routes.filter((each) => each.method !== 'ALL').map((each) => `${each.method} ${each.path}`)),
];
const NOBODY = '00000000-0000-7000-8000-000000000000';
const SECRET = 'test-door-secret-test-door-secret';
type Headers = Record<string, string>;

async function request(route: string, headers: Headers): Promise<Response> {
  const [method = '', path = ''] = route.split(' ');
  const upgrade: Headers = path.startsWith('/ws/') ? { upgrade: 'websocket' } : {};
  return ask(path.replace(/:\w+/g, NOBODY), { method, headers: { ...upgrade, ...headers } });
}

const isOpen = (route: string): boolean =>
  accessTable[route]!.who.some((each) => each === 'anyone' || each.endsWith('Signature'));

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** Every way of proving who one is, by the word of the table it stands for. */
const proofs: Readonly<Record<string, () => Promise<Headers>>> = {
  ...Object.fromEntries(roles.map((role) => [role, () => signIn(role)])),
  ...Object.fromEntries(scopes.map((scope) => [`key ${scope}`, () => apiKey([scope])])),
  'signed out': signedOut,
  disabled,
  agentHost: () => Promise.resolve(HOST),
  lab: () => Promise.resolve(LAB),
  customer: async () => bearer(await signCallToken(NOBODY, SECRET, Date.now())),
  labPhone: async () => bearer(await signLabPhoneToken(NOBODY, SECRET, Date.now())),
  agentDoor: async () =>
    bearer(await signDoorToken({ callId: NOBODY, offer: 1, hostId: 'h' }, SECRET, Date.now())),
};

async function signedOut(): Promise<Headers> {
  const session = await signIn('admin');
  expect((await ask('/api/auth/sign-out', { method: 'POST', headers: session })).status).toBe(204);
  return session;
}

async function disabled(): Promise<Headers> {
  const person = await newPerson('admin');
  const session = await signInAs(person);
  const url = `/api/users/${person.id}/disable`;
  expect((await ask(url, { method: 'POST', headers: await signIn('admin') })).status).toBe(200);
  return session;
}

const allows = (route: string, proof: string): boolean =>
  proof.startsWith('key ')
    ? accessTable[route]!.scope === proof.slice('key '.length)
    : (accessTable[route]!.who as readonly string[]).includes(proof);

describe('every door', () => {
  it('has a row in the access table, and every row a door', () => {
    expect(routes.sort()).toEqual(Object.keys(accessTable).sort());
  });

  it('is described by a contract, or says why not', () => {
    const described = [...catalog.map(routeName), ...Object.keys(undescribed)];
    expect(described.sort()).toEqual(routes.sort());
  });

  it.each(routes.filter((route) => !isOpen(route)))('%s is shut without proof', async (route) => {
    const response = await request(route, {});
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ status: 401, requestId: expect.any(String) });
  });

  it.each(Object.entries(proofs))(
    'opens to %s where the table says so, and nowhere else',
    async (proof, prove) => {
      const headers = await prove();
      const wrong: string[] = [];
      for (const route of routes.filter((each) => !isOpen(each))) {
        const { status } = await request(route, headers);
        const open = status !== 401 && status !== 403;
        if (open !== allows(route, proof)) wrong.push(`${route}: ${status}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  it('a token for one call opens no other', async () => {
    const other = '00000000-0000-7000-8000-000000000001';
    const customer = await signCallToken(other, SECRET, Date.now());
    const agent = await signDoorToken({ callId: other, offer: 1, hostId: 'h' }, SECRET, Date.now());
    const knock = async (route: string, token: string) =>
      (await request(route, { authorization: `Bearer ${token}` })).status;
    expect(await knock('GET /api/customer/calls/:callId', customer)).toBe(403);
    expect(await knock('GET /ws/agent/:callId', agent)).toBe(403);
    // The two kinds are signed with one secret: neither passes for the other.
    expect(await knock('GET /api/customer/calls/:callId', agent)).toBe(401);
    expect(await knock('GET /ws/agent/:callId', customer)).toBe(401);
  });

  it('is shut to pages of another origin, even with a good session', async () => {
    const session = await signIn('admin');
    const foreigners: Headers[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const foreign of foreigners) {
      const headers = { ...session, ...foreign };
      expect((await ask('/api/calls', { headers })).status).toBe(403);
      expect(
        (await ask(`/ws/board?v=${PROTOCOL_VERSION}`, { headers: { ...headers, upgrade: 'websocket' } }))
          .status,
      ).toBe(403);
    }
  });

  it('an unknown path is 404, an unknown call is 404, a made-up id makes no object', async () => {
    const viewer = await signIn('viewer');
    expect((await ask('/api/nothing', { headers: viewer })).status).toBe(404);
    for (const id of [NOBODY, '..%2f', 'x'.repeat(300), "a'; drop table calls;--"]) {
      const response = await ask(`/api/calls/${encodeURIComponent(id)}`, { headers: viewer });
      expect(await response.json()).toMatchObject({ status: 404, code: 'call_unknown' });
    }
  });

  it('a known path under another method is 405 and names the methods it takes', async () => {
    const response = await ask('/api/calls', { method: 'DELETE', headers: await signIn('admin') });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST');
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed' });
  });
});
