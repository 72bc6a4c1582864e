import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditRow } from '../../protocol/api/audit.ts';
import { ask, attempt, newPerson, post, signIn, signInAs } from './world.ts';

type Headers = Record<string, string>;
let admin: Headers;

beforeAll(async () => {
  admin = await signIn('admin');
});

const read = async (query: Record<string, string> = {}) => {
  const response = await ask(`/api/audit?${new URLSearchParams({ limit: '100', ...query })}`, {
    headers: admin,
  });
  expect(response.status).toBe(200);
  return response.json<{ entries: AuditRow[]; nextCursor: string | null }>();
};
const actionsOn = async (subject: string): Promise<string[]> =>
  (await read({ subject })).entries.map(({ action }) => action).reverse();

describe('the audit log', () => {
  it('ACCESS-19 tells who did what to whom, from where', async () => {
    const person = await newPerson('viewer');
    await signInAs(person, { 'cf-connecting-ip': '192.0.2.44' });
    const put = {
      method: 'PUT',
      headers: { ...admin, 'content-type': 'application/json', 'cf-connecting-ip': '192.0.2.45' },
    };
    await ask(`/api/users/${person.id}/role`, { ...put, body: '{"role":"operator"}' });
    await ask(`/api/users/${person.id}/disable`, { method: 'POST', headers: admin });
    const { entries } = await read({ subject: `user:${person.id}` });
    expect(entries.map(({ action }) => action)).toEqual([
      'user.disabled',
      'user.roleChanged',
      'session.opened',
    ]);
    expect(entries[1]).toMatchObject({
      actorName: 'Test admin',
      actor: expect.stringMatching(/^user:/),
      detail: 'viewer → operator',
      address: '192.0.2.45',
      requestId: expect.any(String),
    });
    expect(entries[2]).toMatchObject({
      actor: `user:${person.id}`,
      address: '192.0.2.44',
      detail: 'password',
    });
  });

  it('ACCESS-19 holds what happens to accounts, invitations, passkeys, resets and keys', async () => {
    const person = await newPerson('viewer');
    const session = { ...(await signInAs(person)), 'content-type': 'application/json' };
    await ask('/api/me', { method: 'PATCH', headers: session, body: '{"name":"Robin"}' });
    const passwords = { currentPassword: person.password, newPassword: 'a new long password' };
    await attempt('/api/me/password', passwords, session);
    await attempt('/api/auth/sign-in/email', { email: person.email, password: 'wrong' });
    await attempt('/api/me/sessions/revoke-others', undefined, session);
    await attempt('/api/auth/sign-out', undefined, session);
    await ask(`/api/users/${person.id}/reset-password`, { method: 'POST', headers: admin });
    expect(await actionsOn(`user:${person.id}`)).toEqual([
      'session.opened',
      'user.profileChanged',
      'user.passwordChanged',
      'session.refused',
      'session.revoked',
      'session.revoked',
      'user.passwordReset',
    ]);
    const invited = await post('/api/invitations', { email: 'x@earshot.test', role: 'viewer' }, admin);
    const { invitation } = await invited.json<{ invitation: { id: string } }>();
    await ask(`/api/invitations/${invitation.id}`, { method: 'DELETE', headers: admin });
    expect(await actionsOn(`invitation:${invitation.id}`)).toEqual(['user.invited', 'invitation.revoked']);
    const made = await post('/api/keys', { name: 'k', scopes: ['calls:read'] }, admin);
    const { key } = await made.json<{ key: { id: string } }>();
    await ask(`/api/keys/${key.id}`, { method: 'DELETE', headers: admin });
    expect(await actionsOn(`apiKey:${key.id}`)).toEqual(['apiKey.created', 'apiKey.revoked']);
  });

  it('ACCESS-19 names no address that somebody tried to sign in with', async () => {
    await attempt('/api/auth/sign-in/email', { email: 'secret-person@earshot.test', password: 'wrong' });
    const { entries } = await read({ action: 'session.refused' });
    expect(entries[0]).toMatchObject({ actor: 'anyone', subject: null, detail: 'password' });
    expect(JSON.stringify(entries)).not.toContain('@');
  });

  it('ACCESS-19 is never changed, nor is what is young taken away', async () => {
    await expect(env.DB.prepare("UPDATE audit SET detail = 'x'").run()).rejects.toThrow('append-only');
    await expect(env.DB.prepare('DELETE FROM audit').run()).rejects.toThrow('at least a month');
  });

  it('is filtered by time and read page by page, each entry once', async () => {
    const subject = `call:${uuidv7()}`;
    const fromMs = Date.now();
    const insert = env.DB.prepare(
      'INSERT INTO audit (id, at_ms, action, actor, subject) VALUES (?, ?, ?, ?, ?)',
    );
    const ids = Array.from({ length: 7 }, () => uuidv7());
    await env.DB.batch(
      ids.map((id, index) => insert.bind(id, fromMs + index, 'call.watched', 'system', subject)),
    );
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { entries: AuditRow[]; nextCursor: string | null } = await read({
        ...{ subject, limit: '3' },
        ...(cursor === '' ? {} : { cursor }),
      });
      seen.push(...page.entries.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(ids.toReversed());
    const some = await read({ subject, actor: 'system', from: String(fromMs + 2), to: String(fromMs + 5) });
    expect(some.entries.map(({ id }) => id)).toEqual([ids[4], ids[3], ids[2]]);
    expect((await read({ subject, action: 'call.hungUp' })).entries).toEqual([]);
    for (const query of ['action=nothing', 'from=yesterday', 'actor=a%20b', 'color=red']) {
      expect((await ask(`/api/audit?${query}`, { headers: admin })).status).toBe(400);
    }
  });

  it('ACCESS-20 is exported whole, safe for spreadsheets, and that is recorded', async () => {
    const subject = `call:${uuidv7()}`;
    const insert = env.DB.prepare(
      'INSERT INTO audit (id, at_ms, action, actor, actor_name, subject) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const evil = '=HYPERLINK("https://evil.example";"click")';
    const rows = Array.from({ length: 1_203 }, (_, index) =>
      insert.bind(
        uuidv7(),
        1_790_000_000_000 + index,
        'call.watched',
        'system',
        index === 0 ? evil : 'Sam',
        subject,
      ),
    );
    await env.DB.batch(rows);
    const response = await ask(`/api/audit/export?subject=${subject}`, { headers: admin });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toContain('attachment');
    const lines = (await response.text()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1_204);
    expect(new Set(lines).size).toBe(1_204);
    expect(lines[0]).toBe('id,time,action,actor,actorName,subject,detail,address,requestId');
    expect(lines.at(-1)).toContain(`"'=HYPERLINK(""https://evil.example"";""click"")"`);
    expect(lines[1]).toContain('"2026-09-');
    const { entries } = await read({ action: 'audit.exported' });
    expect(entries[0]).toMatchObject({ actorName: 'Test admin', detail: 'subject' });
  });
});
