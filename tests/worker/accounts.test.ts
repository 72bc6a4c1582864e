import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { app } from '../../worker/app.ts';
import { decodeSettings } from '../../worker/settings.ts';
import { Authenticator } from './authenticator.ts';
import { ask, attempt, cookiesOf, newPerson, post, signIn, signInAs } from './world.ts';

const SIGN_IN = '/api/auth/sign-in/email';
const SETUP_TOKEN = 'test-setup-token-test-setup-token';

// First, while the database of this file has no account yet.
describe('the first admin', () => {
  const body = {
    setupToken: SETUP_TOKEN,
    email: 'First@Earshot.test',
    name: 'Ada First',
    password: 'a long enough password',
  };
  const health = async () => (await ask('/api/health')).json<{ needsSetup: boolean }>();

  it('ACCESS-4 is made by the setup token alone, and only with a password worth the name', async () => {
    expect((await health()).needsSetup).toBe(true);
    expect((await attempt('/api/setup', { ...body, setupToken: 'another' })).status).toBe(401);
    const own = await attempt('/api/setup', { ...body, password: 'first@earshot.test' });
    expect(own.status).toBe(400);
    expect(await own.json()).toMatchObject({ errors: [{ field: 'password' }] });
    expect((await health()).needsSetup).toBe(true);
  });

  it('ACCESS-4 is one, however many ask at once; then it is closed for ever', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((each) => attempt('/api/setup', { ...body, email: `first${each}@earshot.test` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409]);
    const users = await env.DB.prepare('SELECT role FROM user').all();
    expect(users.results).toEqual([{ role: 'admin' }]);
    expect(await (await attempt('/api/setup', body)).json()).toMatchObject({ code: 'setup_closed' });
    expect((await health()).needsSetup).toBe(false);
  });
});

describe('signing in', () => {
  it('ACCESS-1 a wrong password, an unknown address and a disabled account are answered alike', async () => {
    const known = await newPerson('viewer');
    const disabled = await newPerson('viewer');
    await env.DB.prepare('UPDATE user SET disabledAtMs = 1 WHERE id = ?').bind(disabled.id).run();
    const answers = [
      await attempt(SIGN_IN, { email: known.email, password: 'wrong wrong wrong' }),
      await attempt(SIGN_IN, { email: 'nobody@earshot.test', password: 'wrong wrong wrong' }),
      await attempt(SIGN_IN, { email: disabled.email, password: disabled.password }),
    ];
    const bodies = await Promise.all(
      answers.map(async (each) => ({ ...(await each.json<object>()), requestId: null })),
    );
    expect(bodies[0]).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[2]).toEqual(bodies[0]);
    expect(answers.map((each) => each.headers.getSetCookie())).toEqual([[], [], []]);
  });

  it('ACCESS-2 guessing at one account from many addresses is slowed down', async () => {
    const { email } = await newPerson('viewer');
    const statuses: number[] = [];
    // Two windows of the limit at most: more attempts than both allow.
    while (!statuses.includes(429) && statuses.length < 45) {
      statuses.push((await attempt(SIGN_IN, { email: email.toUpperCase(), password: 'x' })).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array<number>(10).fill(401));
    expect(statuses.at(-1)).toBe(429);
  });

  it('ACCESS-3 the answer has no body, and its cookie is out of reach of scripts', async () => {
    const { email, password } = await newPerson('viewer');
    const response = await attempt(SIGN_IN, { email, password });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^earshot\.session_token=/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
  });

  it('ACCESS-3 over https the cookie is bound to this host', async () => {
    const { email, password } = await newPerson('viewer');
    const secure = { ...env, APP_ORIGINS: 'https://earshot.test' };
    const response = await app.request(
      SIGN_IN,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'cf-connecting-ip': crypto.randomUUID() },
        body: JSON.stringify({ email, password }),
      },
      secure,
    );
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-earshot\.session_token=/);
    for (const part of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'])
      expect(cookie).toContain(`; ${part}`);
    expect(cookie).not.toContain('Domain');
    const me = await app.request('/api/me', { headers: { cookie: cookiesOf(response) } }, secure);
    expect(me.status).toBe(200);
  });

  it('unknown fields and missing ones are named, and never a server error', async () => {
    const wrong: [unknown, string][] = [
      [{ email: 'a@earshot.test' }, 'password'],
      [{ email: 'no address', password: 'x' }, 'email'],
      [{ email: 'a@earshot.test', password: 'x', rememberMe: true }, 'rememberMe'],
      [{ email: 'a@earshot.test', password: 'x'.repeat(600) }, 'password'],
    ];
    for (const [body, field] of wrong) {
      const response = await attempt(SIGN_IN, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ field }] });
    }
  });
});

describe('passkeys', () => {
  interface Options {
    challenge: string;
    rp: { id: string };
    rpId: string;
    authenticatorSelection: object;
  }
  /** Asks for a question and gives it with the cookie that the answer must come with. */
  async function question(path: string, headers: Record<string, string> = {}) {
    const response = await attempt(path, undefined, headers);
    expect(response.status).toBe(200);
    const cookie = [headers.cookie, cookiesOf(response)].filter(Boolean).join('; ');
    return { options: await response.json<Options>(), headers: { cookie } };
  }

  async function withPasskey() {
    const person = await newPerson('operator');
    const session = await signInAs(person);
    const authenticator = new Authenticator();
    const { options, headers } = await question('/api/me/passkey-options', session);
    const answer = authenticator.register(options.challenge, options.rp.id);
    const added = await attempt('/api/me/passkeys', { name: 'My phone', answer }, headers);
    expect(added.status).toBe(201);
    return {
      person,
      session,
      authenticator,
      passkey: await added.json<{ id: string }>(),
      used: { answer, headers },
    };
  }

  async function enter(authenticator: Authenticator, given = {}) {
    const { options, headers } = await question('/api/auth/passkey/sign-in/options');
    const answer = authenticator.authenticate(options.challenge, options.rpId, given);
    const response = await attempt('/api/auth/passkey/sign-in/verify', { answer }, headers);
    return { response, again: () => attempt('/api/auth/passkey/sign-in/verify', { answer }, headers) };
  }

  it('ACCESS-7 one that was added signs its owner in, and its removal ends that', async () => {
    const { person, session, authenticator, passkey } = await withPasskey();
    const { response } = await enter(authenticator);
    expect(response.status).toBe(204);
    const me = await ask('/api/me', { headers: { cookie: cookiesOf(response) } });
    expect(await me.json()).toMatchObject({ user: { id: person.id } });
    const list = await ask('/api/me/passkeys', { headers: session });
    expect(await list.json()).toMatchObject({
      passkeys: [{ id: passkey.id, name: 'My phone', synced: false }],
    });
    const remove = { method: 'DELETE', headers: await signIn('viewer') };
    expect((await ask(`/api/me/passkeys/${passkey.id}`, remove)).status).toBe(404);
    expect((await ask(`/api/me/passkeys/${passkey.id}`, { ...remove, headers: session })).status).toBe(204);
    expect((await enter(authenticator)).response.status).toBe(401);
  });

  it('ACCESS-7 the owner must have been verified, when it is added and when it is used', async () => {
    const { authenticator } = await withPasskey();
    expect((await enter(authenticator, { verified: false })).response.status).toBe(401);
    const session = await signIn('viewer');
    const { options, headers } = await question('/api/me/passkey-options', session);
    expect(options.authenticatorSelection).toMatchObject({ userVerification: 'required' });
    const answer = new Authenticator().register(options.challenge, options.rp.id, { verified: false });
    expect((await attempt('/api/me/passkeys', { name: 'x', answer }, headers)).status).toBe(409);
  });

  it('ACCESS-7 an answer counts once, to our own question, from our own origin', async () => {
    const { authenticator, used } = await withPasskey();
    const { response, again } = await enter(authenticator);
    expect([response.status, (await again()).status]).toEqual([204, 401]);
    expect((await enter(authenticator, { origin: 'https://evil.example' })).response.status).toBe(401);
    expect((await enter(new Authenticator())).response.status).toBe(401);
    const replayed = await attempt('/api/me/passkeys', { name: 'again', answer: used.answer }, used.headers);
    expect(replayed.status).toBe(409);
  });

  it('ACCESS-7 another person cannot use the question, nor add a credential that is known', async () => {
    const { authenticator } = await withPasskey();
    const mallory = await signIn('viewer');
    const asked = await question('/api/me/passkey-options', mallory);
    const known = authenticator.register(asked.options.challenge, asked.options.rp.id);
    expect((await attempt('/api/me/passkeys', { name: 'x', answer: known }, asked.headers)).status).toBe(409);
    const { options, headers } = await question('/api/me/passkey-options', await signIn('viewer'));
    const answer = new Authenticator().register(options.challenge, options.rp.id);
    const cookie = `${mallory.cookie}; ${headers.cookie.split('; ').at(-1)}`;
    expect((await attempt('/api/me/passkeys', { name: 'x', answer }, { cookie })).status).toBe(409);
  });

  it('ACCESS-7 one is added only in a session opened within the last day', async () => {
    const person = await newPerson('viewer');
    const session = await signInAs(person);
    await env.DB.prepare('UPDATE session SET createdAt = createdAt - 90000000 WHERE userId = ?')
      .bind(person.id)
      .run();
    expect((await attempt('/api/me/passkey-options', undefined, session)).status).toBe(403);
    expect((await ask('/api/me', { headers: session })).status).toBe(200);
  });

  it('ACCESS-1 a disabled account does not open with its passkey', async () => {
    const { person, authenticator } = await withPasskey();
    const disable = { method: 'POST', headers: await signIn('admin') };
    expect((await ask(`/api/users/${person.id}/disable`, disable)).status).toBe(200);
    expect((await enter(authenticator)).response.status).toBe(401);
  });

  it('what is not WebAuthn at all is refused, field by field', async () => {
    const session = await signIn('viewer');
    const response = await post('/api/me/passkeys', { name: 'x', answer: { id: '§' } }, session);
    expect(response.status).toBe(400);
    const { errors } = await response.json<{ errors: { field: string }[] }>();
    expect(errors.map(({ field }) => field)).toContain('answer.id');
    expect(errors.map(({ field }) => field)).toContain('answer.response');
  });
});

describe('ACCESS-5 a production', () => {
  const good = {
    ...env,
    SIMULATED: '',
    LAB_KEY: '',
    LAB_PHONE_URL: '',
    AUTH_SECRET: 'K8vJx2mQ4pLz7RtYc1WnBh5GdSf9AeUi',
    DOOR_SECRET: 'pT3xVb8NqLk1ZrWm6YcJd9HgFs4AeUi2',
    AGENT_HOST_KEY: 'Xc7BnM2kLp9QwErTy5UiOaSdFgHjKl1Z',
    LIVEKIT_API_KEY: 'APIxGh72kLmQ',
    LIVEKIT_API_SECRET: 'Zx8CvBn3mAsDf6GhJk1LqWeRt5YuIo9P',
    SETUP_TOKEN: 'Qw9ErTy2UiOp5AsDf8GhJk1LzXc4VbNm',
  };

  it('starts with secrets of its own', () => {
    expect(decodeSettings(good).simulated).toEqual([]);
  });

  it.each([
    ['LAB_KEY', 'Hk3Lp8Qw2Er5Ty9Ui1Op4As7'],
    ['LAB_PHONE_URL', 'http://127.0.0.1:8791'],
    ['DEMO_LOGINS', '[{"email":"a@b.c","password":"x","role":"admin"}]'],
    ['AUTH_SECRET', 'change-me-change-me-change-me'],
    ['DOOR_SECRET', 'test-door-secret-test-door-secret'],
    ['AGENT_HOST_KEY', 'dev-agent-host-key-dev'],
    ['SETUP_TOKEN', '00000000000000000000'],
    ['LIVEKIT_API_SECRET', 'secretsecretsecretsecretsecretse'],
  ])('does not start with %s of development, and does not say what it was', (name, value) => {
    const start = () => decodeSettings({ ...good, [name]: value });
    expect(start).toThrow(name);
    expect(start).not.toThrow(value);
  });
});
