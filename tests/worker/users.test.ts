import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, attempt, newPerson, post, signIn, signInAs } from './world.ts';

type Headers = Record<string, string>;
let admin: Headers;

beforeAll(async () => {
  admin = await signIn('admin');
});

const putRole = (userId: string, role: string, headers: Headers = admin): Promise<Response> =>
  ask(`/api/users/${userId}/role`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ role }),
  });
const act = (userId: string, what: string, headers: Headers = admin): Promise<Response> =>
  ask(`/api/users/${userId}/${what}`, { method: 'POST', headers });
const token = (link: string): string => link.split('#')[1] ?? '';

describe('the last active admin', () => {
  /** Leaves one active admin, and says who. */
  async function lastAdmin() {
    const person = await newPerson('admin');
    const headers = await signInAs(person);
    await env.DB.prepare("UPDATE user SET disabledAtMs = 1 WHERE role = 'admin' AND id <> ?")
      .bind(person.id)
      .run();
    return { ...person, headers };
  }
  async function restored(): Promise<void> {
    await env.DB.prepare('UPDATE user SET disabledAtMs = NULL').run();
  }

  it('ACCESS-14 can neither be demoted nor disabled, and nothing changes by the attempt', async () => {
    const last = await lastAdmin();
    for (const response of [
      await putRole(last.id, 'viewer', last.headers),
      await act(last.id, 'disable', last.headers),
    ]) {
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ code: 'conflict' });
    }
    expect((await ask('/api/users', { headers: last.headers })).status).toBe(200);
    const log = await env.DB.prepare('SELECT action FROM audit WHERE subject = ?')
      .bind(`user:${last.id}`)
      .all();
    expect(log.results).toEqual([{ action: 'session.opened' }]);
    await restored();
  });

  it('ACCESS-14 is one of two that demote each other in the same moment', async () => {
    const first = await lastAdmin();
    const second = await newPerson('admin');
    const secondHeaders = await signInAs(second);
    const answers = await Promise.all([
      putRole(second.id, 'viewer', first.headers),
      putRole(first.id, 'viewer', secondHeaders),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const left = await env.DB.prepare(
      "SELECT count(*) AS admins FROM user WHERE role = 'admin' AND disabledAtMs IS NULL",
    ).first();
    expect(left).toEqual({ admins: 1 });
    await restored();
  });
});

describe('people', () => {
  it('are listed page by page, each once', async () => {
    for (let i = 0; i < 4; i++) await newPerson('viewer');
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const path = `/api/users?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: { users: { id: string }[]; nextCursor: string | null } = await (
        await ask(path, { headers: admin })
      ).json();
      seen.push(...page.users.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    const all = await env.DB.prepare('SELECT id FROM user').all<{ id: string }>();
    expect(seen.sort()).toEqual(all.results.map(({ id }) => id).sort());
    expect((await ask('/api/users?cursor=nonsense', { headers: admin })).status).toBe(400);
  });

  it('an unknown one is 404, an unknown role 400', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    expect((await putRole(nobody, 'viewer')).status).toBe(404);
    for (const what of ['disable', 'enable', 'reset-password'])
      expect((await act(nobody, what)).status).toBe(404);
    expect((await putRole((await newPerson('viewer')).id, 'owner')).status).toBe(400);
  });

  it('setting the role somebody has changes nothing: their session goes on', async () => {
    const person = await newPerson('operator');
    const session = await signInAs(person);
    expect((await putRole(person.id, 'operator')).status).toBe(200);
    expect((await ask('/api/me', { headers: session })).status).toBe(200);
  });
});

describe('an invitation', () => {
  interface Made {
    readonly invitation: { id: string; email: string };
    readonly link: string;
  }
  const newEmail = (): string => `Guest-${crypto.randomUUID()}@Earshot.test`;
  const invite = async (email: string, role = 'operator'): Promise<Made> => {
    const response = await post('/api/invitations', { email, role }, admin);
    expect(response.status).toBe(201);
    return response.json<Made>();
  };
  const open = (link: string) => attempt('/api/invitation-links/open', { token: token(link) });
  const accept = (link: string, given = {}) =>
    attempt('/api/invitation-links/accept', {
      ...{ token: token(link), name: 'Gwen Guest', password: 'a long enough password' },
      ...given,
    });

  it('ACCESS-15 makes one account, of the invited address and role, once', async () => {
    const email = newEmail();
    const { link } = await invite(email);
    expect(link).toMatch(/^http:\/\/earshot\.test\/join#[\w-]{43}$/);
    expect(await (await open(link)).json()).toEqual({
      email: email.toLowerCase(),
      role: 'operator',
      expiresAtMs: expect.any(Number),
    });
    const answers = await Promise.all([accept(link), accept(link), accept(link)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 410, 410]);
    const session = await signInAs({ email, password: 'a long enough password' });
    const me = await ask('/api/me', { headers: session });
    expect(await me.json()).toMatchObject({ user: { name: 'Gwen Guest', role: 'operator' } });
    expect((await open(link)).status).toBe(410);
  });

  it('ACCESS-15 is kept as a digest, and shown once', async () => {
    const { link } = await invite(newEmail());
    const rows = await env.DB.prepare('SELECT * FROM invitations').all();
    expect(JSON.stringify(rows.results)).not.toContain(token(link));
    const headers = { ...admin, 'idempotency-key': crypto.randomUUID() };
    const body = { email: newEmail(), role: 'viewer' };
    expect((await post('/api/invitations', body, headers)).status).toBe(201);
    expect(await (await post('/api/invitations', body, headers)).json()).toMatchObject({
      code: 'already_done',
    });
    const kept = await env.DB.prepare('SELECT body FROM idempotency_keys').all<{ body: string }>();
    expect(JSON.stringify(kept.results)).not.toContain('#');
  });

  it('ACCESS-15 opens nothing once it is revoked, replaced or a week old', async () => {
    const revoked = await invite(newEmail());
    const revoke = { method: 'DELETE', headers: admin };
    expect((await ask(`/api/invitations/${revoked.invitation.id}`, revoke)).status).toBe(204);
    expect((await ask(`/api/invitations/${revoked.invitation.id}`, revoke)).status).toBe(404);
    const email = newEmail();
    const replaced = await invite(email);
    await invite(email.toUpperCase());
    const old = await invite(newEmail());
    await env.DB.prepare('UPDATE invitations SET expires_at_ms = ? WHERE id = ?')
      .bind(Date.now() - 1, old.invitation.id)
      .run();
    for (const { link } of [revoked, replaced, old]) {
      expect((await open(link)).status).toBe(410);
      expect((await accept(link)).status).toBe(410);
    }
    const list = await (
      await ask('/api/invitations?limit=100', { headers: admin })
    ).json<{
      invitations: { id: string; state: string }[];
    }>();
    const states = new Map(list.invitations.map(({ id, state }) => [id, state]));
    expect(states.get(revoked.invitation.id)).toBe('revoked');
    expect(states.get(replaced.invitation.id)).toBe('revoked');
    expect(states.get(old.invitation.id)).toBe('expired');
  });

  it('ACCESS-6 takes no password that is short or the address itself, and stays open then', async () => {
    const { invitation, link } = await invite(newEmail());
    // The last is six characters in the form that is hashed, written in twelve.
    for (const password of ['elevenchars', invitation.email.toUpperCase(), '\u1e9b\u0323'.repeat(6)]) {
      const response = await accept(link, { password });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ field: 'password' }] });
    }
    expect((await accept(link)).status).toBe(204);
  });

  it('is not made for somebody who has an account', async () => {
    const { email } = await newPerson('viewer');
    const response = await post('/api/invitations', { email: email.toUpperCase(), role: 'admin' }, admin);
    expect(response.status).toBe(409);
  });
});

describe('a reset link', () => {
  const makeReset = async (userId: string): Promise<string> => {
    const response = await act(userId, 'reset-password');
    expect(response.status).toBe(201);
    return token((await response.json<{ link: string }>()).link);
  };
  const complete = (secret: string, password = 'quite another password') =>
    attempt('/api/password-resets/complete', { token: secret, password });

  it('ACCESS-16 sets a new password once, and every way in that was open before is shut', async () => {
    const person = await newPerson('viewer');
    const session = await signInAs(person);
    const secret = await makeReset(person.id);
    expect((await ask('/api/me', { headers: session })).status).toBe(401);
    const between = await signInAs(person);
    await env.DB.prepare(
      `INSERT INTO passkey (id, publicKey, userId, credentialID, counter, deviceType, backedUp)
       VALUES (?1, 'k', ?2, ?1, 0, 'singleDevice', 0)`,
    )
      .bind(crypto.randomUUID(), person.id)
      .run();
    const opened = await attempt('/api/password-resets/open', { token: secret });
    expect(await opened.json()).toEqual({ email: person.email, expiresAtMs: expect.any(Number) });
    expect((await complete(secret, person.email)).status).toBe(400);
    const answers = await Promise.all([complete(secret), complete(secret)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 410]);
    expect((await ask('/api/me', { headers: between })).status).toBe(401);
    await expect(signInAs(person)).rejects.toThrow('401');
    const after = await signInAs({ email: person.email, password: 'quite another password' });
    expect(await (await ask('/api/me/passkeys', { headers: after })).json()).toEqual({ passkeys: [] });
  });

  it('ACCESS-16 is worth nothing when a newer one was made or a day has passed', async () => {
    const person = await newPerson('viewer');
    const first = await makeReset(person.id);
    const second = await makeReset(person.id);
    expect((await complete(first)).status).toBe(410);
    await env.DB.prepare('UPDATE password_resets SET expires_at_ms = ? WHERE user_id = ?')
      .bind(Date.now() - 1, person.id)
      .run();
    expect((await complete(second)).status).toBe(410);
    expect((await complete('x'.repeat(43))).status).toBe(410);
    expect(await signInAs(person)).toBeDefined();
  });

  it('ACCESS-1 lets no disabled person in', async () => {
    const person = await newPerson('viewer');
    await act(person.id, 'disable');
    expect((await complete(await makeReset(person.id))).status).toBe(204);
    await expect(signInAs({ email: person.email, password: 'quite another password' })).rejects.toThrow(
      '401',
    );
  });
});
