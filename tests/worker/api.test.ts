import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { eventually } from './receivers.ts';
import { LAB, ask, newCall, post, signIn, watch } from './world.ts';

const NEW_CALL = { profile: 'auto-sales', channel: 'web', contact: { name: 'Robin' } };
type Problem = { code: string; errors?: { field: string; problem: string }[] };

describe('bad input', () => {
  it.each([
    ['an unknown field', { ...NEW_CALL, admin: true }, 'admin'],
    ['a missing field', { profile: 'auto-sales', channel: 'web' }, 'contact'],
    ['a wrong value', { ...NEW_CALL, channel: 'telepathy' }, 'channel'],
    ['a field too deep', { ...NEW_CALL, contact: { name: 'Robin', phone: '1' } }, 'contact.phone'],
    ['a list', [NEW_CALL], 'body'],
  ])('%s is refused with the field named', async (_what, body, field) => {
    const response = await post('/api/calls', body, LAB);
    expect(response.status).toBe(400);
    const problem = await response.json<Problem>();
    expect(problem.code).toBe('malformed');
    expect(problem.errors?.map((each) => each.field)).toContain(field);
  });

  it('a body that is not JSON by its type is 415, by its content 400, by its size 413', async () => {
    const form = await ask('/api/calls', {
      method: 'POST',
      headers: { ...LAB, 'content-type': 'text/plain' },
      body: JSON.stringify(NEW_CALL),
    });
    expect(form.status).toBe(415);
    expect((await post('/api/calls', '{', LAB)).status).toBe(400);
    expect(
      (await post('/api/calls', JSON.stringify({ ...NEW_CALL, x: 'y'.repeat(70_000) }), LAB)).status,
    ).toBe(413);
  });

  it('a query is checked too: unknown names, values given twice, numbers out of range', async () => {
    const viewer = await signIn('viewer');
    for (const query of ['stauts=live', 'status=live&status=ended', 'limit=0', 'limit=101', 'cursor=%00']) {
      const response = await ask(`/api/calls?${query}`, { headers: viewer });
      expect([query, response.status]).toEqual([query, 400]);
    }
  });
});

describe('Idempotency-Key', () => {
  const create = (key: string, body: unknown = NEW_CALL, who: Record<string, string> = LAB) =>
    post('/api/calls', body, { ...who, 'idempotency-key': key });

  it('the same key and body make one call and get the first answer again', async () => {
    const key = crypto.randomUUID();
    const first = await create(key);
    const again = await create(key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(await first.text());
  });

  it('another body is refused, another person has keys of their own', async () => {
    const key = crypto.randomUUID();
    await create(key);
    const changed = await create(key, { ...NEW_CALL, channel: 'phone' });
    expect(changed.status).toBe(422);
    expect(await changed.json()).toMatchObject({ code: 'idempotency_mismatch' });
    const admin = await create(key, NEW_CALL, await signIn('admin'));
    expect(admin.headers.get('idempotent-replayed')).toBeNull();
  });

  it('many at once make one call', async () => {
    const key = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(key)));
    const ids = new Set<string>();
    for (const answer of answers) {
      if (answer.status === 201) ids.add((await answer.json<{ call: { id: string } }>()).call.id);
      else expect(await answer.json()).toMatchObject({ code: 'idempotency_in_progress' });
    }
    expect(ids.size).toBe(1);
  });

  it('a retry after a crash makes the same call, not a second one', async () => {
    const key = crypto.randomUUID();
    const first = await (await create(key)).json<{ call: { id: string } }>();
    // As if the isolate had died before the answer was kept.
    await env.DB.prepare('UPDATE idempotency_keys SET status = NULL, claimed_at_ms = 0 WHERE new_id = ?')
      .bind(first.call.id)
      .run();
    const again = await create(key);
    expect(again.headers.get('idempotent-replayed')).toBeNull();
    expect((await again.json<{ call: { id: string } }>()).call.id).toBe(first.call.id);
  });
});

describe('the description of the API', () => {
  it('is OpenAPI 3.1 that names every operation once, and a page without scripts', async () => {
    const document = await (
      await ask('/api/openapi.json')
    ).json<{
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; responses: object }>>;
    }>();
    expect(document.openapi).toBe('3.1.0');
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map((each) => each.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const page = await ask('/api/docs');
    const text = await page.text();
    for (const path of Object.keys(document.paths)) expect(text).toContain(path);
    expect(text).not.toContain('<script');
  });
});

describe('operations', () => {
  it('/readyz says what is missing, and never more', async () => {
    const response = await ask('/readyz');
    const problem = await response.json<Problem>();
    expect(response.status).toBe(503);
    expect(problem.errors?.map((each) => each.field)).toContain('agentSeats');
    expect(JSON.stringify(problem)).not.toContain('livekit.test');
  });

  it('/debug/env names settings and no value', async () => {
    const response = await ask('/debug/env', { headers: await signIn('admin') });
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      settings: expect.arrayContaining([expect.objectContaining({ name: 'AUTH_SECRET', present: true })]),
    });
    for (const value of ['test-agent-host-key', 'q8Zr2LxV7nWkT4cBs9YdHj3FgPm6Xa1E', 'http://livekit.test']) {
      expect(text).not.toContain(value);
    }
  });

  it('every answer tells browsers to show, run and keep nothing', async () => {
    const { headers } = await ask('/api/health');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-request-id')).toBeTruthy();
  });
});

describe('the audit log', () => {
  it('names who did it, and refuses to be changed', async () => {
    const { callId } = await newCall();
    const supervisor = await signIn('supervisor');
    expect((await post(`/api/calls/${callId}/hang-up`, {}, supervisor)).status).toBe(202);
    const entry = await env.DB.prepare('SELECT * FROM audit WHERE subject = ?')
      .bind(`call:${callId}`)
      .first();
    expect(entry).toMatchObject({ action: 'call.hungUp', actor_name: 'Test supervisor' });
    await expect(env.DB.prepare("UPDATE audit SET actor = 'x'").run()).rejects.toThrow(/append-only/);
    await expect(env.DB.prepare('DELETE FROM audit').run()).rejects.toThrow(/kept for at least a month/);
  });

  it('says who watched a call, once for each opening and not for coming back', async () => {
    const { callId } = await newCall();
    const viewer = await signIn('viewer');
    const entries = async () => {
      const found = await env.DB.prepare(
        "SELECT actor_name FROM audit WHERE action = 'call.watched' AND subject = ?",
      )
        .bind(`call:${callId}`)
        .all();
      return found.results;
    };
    await watch(callId, viewer);
    await eventually(async () => (await entries()).length === 1);
    await watch(callId, viewer, '&since=1&epoch=another');
    await watch(callId, await signIn('admin'));
    await eventually(async () => (await entries()).length === 2);
    expect(await entries()).toEqual([{ actor_name: 'Test viewer' }, { actor_name: 'Test admin' }]);
  });
});
