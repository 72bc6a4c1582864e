import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { AUTHORISED_FOR_MS } from '../../durable-objects/authorisation.ts';
import { boardOf } from '../../durable-objects/env.ts';
import type { BoardDown } from '../../protocol/board.ts';
import { closeCodes, isFinalClose } from '../../protocol/refusal.ts';
import {
  ask,
  attempt,
  callInProgress,
  connect,
  cookiesOf,
  eventsOf,
  newCall,
  newPerson,
  post,
  signIn,
  signInAs,
  watch,
} from './world.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

type Headers = Record<string, string>;
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const isIn = async (headers: Headers): Promise<boolean> => {
  const { status } = await ask('/api/me', { headers });
  expect([200, 401]).toContain(status);
  return status === 200;
};
const tokenOf = ({ cookie }: { cookie: string }): string =>
  decodeURIComponent(/session_token=([^;]+)/.exec(cookie)?.[1] ?? '');
const change = async (userId: string, column: string, value: number): Promise<void> => {
  await env.DB.prepare(`UPDATE session SET ${column} = ?2 WHERE userId = ?1`).bind(userId, value).run();
};

describe('a stolen session', () => {
  it('ACCESS-8 cannot be read out of the database', async () => {
    const person = await newPerson('viewer');
    const session = await signInAs(person);
    const [token = ''] = tokenOf(session).split('.');
    expect(token.length).toBeGreaterThanOrEqual(32);
    const dump = await Promise.all(
      ['session', 'verification', 'audit', 'account', 'user'].map((table) =>
        env.DB.prepare(`SELECT * FROM ${table}`).all(),
      ),
    );
    expect(JSON.stringify(dump)).not.toContain(token);
    // What is there does not open anything either, signed or not.
    const row = await env.DB.prepare('SELECT token FROM session WHERE userId = ?')
      .bind(person.id)
      .first<{ token: string }>();
    const forged = session.cookie.replace(encodeURIComponent(token), encodeURIComponent(row!.token));
    expect(forged).not.toBe(session.cookie);
    expect(await isIn({ cookie: forged })).toBe(false);
    expect(await isIn(session)).toBe(true);
  });

  it('ACCESS-9 cannot be planted: signing in makes a new one and ends the one that came along', async () => {
    const planted = await signInAs(await newPerson('viewer'));
    const victim = await newPerson('admin');
    const session = await signInAs(victim, planted);
    expect(tokenOf(session)).not.toBe(tokenOf(planted));
    expect(await isIn(planted)).toBe(false);
    expect(await isIn(session)).toBe(true);
    const invented = { cookie: 'earshot.session_token=invented.invented' };
    const after = await signInAs(victim, invented);
    expect(tokenOf(after)).not.toContain('invented');
  });

  it('ACCESS-11 is worth nothing after signing out', async () => {
    const session = await signInAs(await newPerson('viewer'));
    const response = await attempt('/api/auth/sign-out', undefined, session);
    expect(response.status).toBe(204);
    expect(cookiesOf(response)).toContain('earshot.session_token=');
    expect(response.headers.getSetCookie().join()).toContain('Max-Age=0');
    expect(await isIn(session)).toBe(false);
    // Without a session it is the same.
    expect((await attempt('/api/auth/sign-out', undefined)).status).toBe(204);
  });

  it('ACCESS-11 is worth nothing after the role changed, up or down', async () => {
    const person = await newPerson('viewer');
    const admin = await signIn('admin');
    for (const role of ['admin', 'operator']) {
      const session = await signInAs(person);
      const init = { method: 'PUT', headers: { ...admin, 'content-type': 'application/json' } };
      const answer = await ask(`/api/users/${person.id}/role`, { ...init, body: JSON.stringify({ role }) });
      expect(await answer.json()).toMatchObject({ role });
      expect(await isIn(session)).toBe(false);
    }
  });

  it('ACCESS-12 has the role its owner has now', async () => {
    const person = await newPerson('admin');
    const session = await signInAs(person);
    expect((await ask('/api/users', { headers: session })).status).toBe(200);
    await env.DB.prepare("UPDATE user SET role = 'viewer' WHERE id = ?").bind(person.id).run();
    expect((await ask('/api/users', { headers: session })).status).toBe(403);
  });

  it('ACCESS-11 is worth nothing after the account was disabled, nor when it is enabled again', async () => {
    const person = await newPerson('viewer');
    const session = await signInAs(person);
    const admin = { method: 'POST', headers: await signIn('admin') };
    expect((await ask(`/api/users/${person.id}/disable`, admin)).status).toBe(200);
    expect(await isIn(session)).toBe(false);
    expect((await ask(`/api/users/${person.id}/enable`, admin)).status).toBe(200);
    expect(await isIn(session)).toBe(false);
    expect(await isIn(await signInAs(person))).toBe(true);
  });

  it('ACCESS-11 is worth nothing after the password changed; the session that changed it goes on', async () => {
    const person = await newPerson('viewer');
    const [stolen, own] = [await signInAs(person), await signInAs(person)];
    const to = 'another long password';
    const wrong = { currentPassword: 'not it, surely', newPassword: to };
    expect((await attempt('/api/me/password', wrong, stolen)).status).toBe(401);
    expect(await isIn(own)).toBe(true);
    const body = { currentPassword: person.password, newPassword: to };
    const unfit = await attempt('/api/me/password', { ...body, newPassword: person.email }, own);
    expect(await unfit.json()).toMatchObject({ status: 400, errors: [{ field: 'newPassword' }] });
    expect((await attempt('/api/me/password', body, own)).status).toBe(204);
    expect([await isIn(stolen), await isIn(own)]).toEqual([false, true]);
    expect(await isIn(await signInAs({ email: person.email, password: to }))).toBe(true);
    await expect(signInAs(person)).rejects.toThrow('401');
  });
});

describe('a session', () => {
  it('ACCESS-10 ends twelve hours after its last use, and use prolongs it', async () => {
    const person = await newPerson('viewer');
    const session = await signInAs(person);
    await change(person.id, 'expiresAt', Date.now() + 3_600_000);
    const response = await ask('/api/me', { headers: session });
    expect(response.headers.getSetCookie()[0]).toContain('Max-Age=43200');
    const { expiresAt } = (await env.DB.prepare('SELECT expiresAt FROM session WHERE userId = ?')
      .bind(person.id)
      .first<{ expiresAt: number }>())!;
    expect(expiresAt).toBeGreaterThan(Date.now() + 11 * 3_600_000);
    expect(await isIn({ cookie: cookiesOf(response) })).toBe(true);
    await change(person.id, 'expiresAt', Date.now() - 1);
    expect(await isIn(session)).toBe(false);
  });

  it('ACCESS-10 ends a week after it was opened, however much it is used', async () => {
    const person = await newPerson('viewer');
    const session = await signInAs(person);
    await change(person.id, 'createdAt', Date.now() - 7 * 86_400_000 + 60_000);
    expect(await isIn(session)).toBe(true);
    await change(person.id, 'createdAt', Date.now() - 7 * 86_400_000 - 1);
    expect(await isIn(session)).toBe(false);
    await change(person.id, 'createdAt', Date.now());
    expect(await isIn(session)).toBe(false);
  });

  interface Listed {
    readonly sessions: { id: string; device: string; address: string; current: boolean }[];
  }
  const list = async (headers: Headers) => (await ask('/api/me/sessions', { headers })).json<Listed>();

  it('is listed with its device and address and without its token, and revoked one by one', async () => {
    const person = await newPerson('operator');
    const first = await signInAs(person, { 'user-agent': FIREFOX, 'cf-connecting-ip': '192.0.2.9' });
    const second = await signInAs(person);
    const { sessions } = await list(second);
    expect(sessions).toHaveLength(2);
    const other = sessions.find((each) => !each.current)!;
    expect(other).toMatchObject({ device: 'Firefox on Linux', address: '192.0.2.9' });
    expect(Object.keys(other)).not.toContain('token');
    const mallory = await signIn('admin');
    const revoke = (headers: Headers) => ask(`/api/me/sessions/${other.id}`, { method: 'DELETE', headers });
    expect((await revoke(mallory)).status).toBe(404);
    expect((await revoke(second)).status).toBe(204);
    expect([await isIn(first), await isIn(second)]).toEqual([false, true]);
  });

  it('all others are revoked at once', async () => {
    const person = await newPerson('operator');
    const [first, second, third] = [await signInAs(person), await signInAs(person), await signInAs(person)];
    const stranger = await signIn('viewer');
    const response = await post('/api/me/sessions/revoke-others', {}, second);
    expect(await response.json()).toEqual({ revoked: 2 });
    expect([await isIn(first), await isIn(second), await isIn(third)]).toEqual([false, true, false]);
    expect(await isIn(stranger)).toBe(true);
  });

  it('a name is changed by its owner, in one line of text', async () => {
    const session = { ...(await signIn('viewer')), 'content-type': 'application/json' };
    const rename = (name: unknown) =>
      ask('/api/me', { method: 'PATCH', headers: session, body: JSON.stringify({ name }) });
    expect(await (await rename('Robin')).json()).toMatchObject({ user: { name: 'Robin' } });
    expect(await (await ask('/api/me', { headers: session })).json()).toMatchObject({
      user: { name: 'Robin' },
    });
    for (const wrong of ['', ' ', 'two\nlines', 'x'.repeat(121), 7, null]) {
      expect((await rename(wrong)).status).toBe(400);
    }
  });
});

describe('an open socket', () => {
  const closed = (_messages: unknown, { closed: how }: { closed: { code: number } | null }) => how?.code;

  it('ACCESS-13 of a person whose sessions end is closed at once; another stays', async () => {
    const person = await newPerson('supervisor');
    const session = await signInAs(person);
    const { callId } = await newCall();
    const board = await connect<BoardDown>(`/ws/board?v=${PROTOCOL_VERSION}`, session);
    // The call is on the board: whoever dismisses asks it which calls there are.
    await board.until((messages) =>
      messages.some((each) => 'calls' in each && each.calls.some((call) => call.callId === callId)),
    );
    const monitor = await watch(callId, session);
    const stranger = await watch(callId, await signIn('viewer'));
    const disable = { method: 'POST', headers: await signIn('admin') };
    expect((await ask(`/api/users/${person.id}/disable`, disable)).status).toBe(200);
    expect(await board.until(closed)).toBe(closeCodes.askAgain);
    expect(await monitor.until(closed)).toBe(closeCodes.askAgain);
    expect(stranger.closed).toBeNull();
    // They may ask again, and are refused as whoever asks for the first time.
    expect(isFinalClose(closeCodes.askAgain)).toBe(false);
    await expect(connect(`/ws/board?v=${PROTOCOL_VERSION}`, session)).rejects.toThrow('401');
    await expect(watch(callId, session)).rejects.toThrow('401');
  });

  it('ACCESS-13 is told nothing on a check that has aged, but to come back and be checked', async () => {
    const session = await signIn('viewer');
    const { callId, room } = await callInProgress();
    const monitor = await watch(callId, session);
    const board = await connect<BoardDown>(`/ws/board?v=${PROTOCOL_VERSION}`, session);
    const age = (_instance: unknown, state: DurableObjectState): void => {
      for (const socket of state.getWebSockets()) {
        const attachment = socket.deserializeAttachment() as { connectedAtMs: number };
        const connectedAtMs = attachment.connectedAtMs - AUTHORISED_FOR_MS - 1;
        socket.serializeAttachment({ ...attachment, connectedAtMs });
      }
    };
    await runInDurableObject(room, age);
    await runInDurableObject(boardOf(env), age);
    await room.take({ type: 'hangUp', by: 'test' });
    expect(await monitor.until(closed)).toBe(closeCodes.askAgain);
    expect(await board.until(closed)).toBe(closeCodes.askAgain);
    expect(eventsOf(monitor.messages).map(({ type }) => type)).not.toContain('callEnded');
    const again = await watch(callId, session);
    await again.until((messages) => eventsOf(messages).some(({ type }) => type === 'callEnded'));
  });
});
