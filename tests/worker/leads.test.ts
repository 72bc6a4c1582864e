import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Lead } from '../../domain/lead/lead.ts';
import { campaignRow } from './campaigns.ts';
import { apiKey, ask, post, signIn } from './world.ts';

let admin: Record<string, string>;
let campaignId: string;
beforeAll(async () => {
  admin = await signIn('admin');
  campaignId = await campaignRow();
});

let numbers = 0;
const fresh = () => ({
  phone: `+1312555${String(++numbers).padStart(4, '0')}`,
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  zone: null,
  postalCode: '60601',
  fields: { vehicle: 'Roadster' },
  consent: 'web form',
});
async function added(more: object = {}, where = campaignId): Promise<Lead> {
  const response = await post(
    `/api/campaigns/${where}/leads`,
    { country: 'US', lead: { ...fresh(), ...more } },
    admin,
  );
  expect(response.status).toBe(201);
  return (await response.json<{ lead: Lead }>()).lead;
}
const patch = (leadId: string, body: object, who = admin) =>
  ask(`/api/leads/${leadId}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', ...who },
    body: JSON.stringify(body),
  });
const get = async <T>(path: string, who = admin): Promise<T> => (await ask(path, { headers: who })).json<T>();
type Page = { leads: Lead[]; nextCursor: string | null };
type Shown = { lead: Lead; now: { allowed: boolean; because: string; localTime: string | null } };

describe('leads', () => {
  it('one is added by hand with its number as E.164; the number again is refused, nonsense too', async () => {
    const lead = await added({ phone: '(312) 555-9001' });
    expect(lead).toMatchObject({ phone: '+13125559001', status: 'waiting', attempts: 0 });
    const again = { country: 'US', lead: { ...fresh(), phone: '+1 312 555 9001' } };
    expect((await post(`/api/campaigns/${campaignId}/leads`, again, admin)).status).toBe(409);
    for (const wrong of [{ phone: '12' }, { zone: 'Mars/Base' }]) {
      const body = { country: 'US', lead: { ...fresh(), ...wrong } };
      expect((await post(`/api/campaigns/${campaignId}/leads`, body, admin)).status).toBe(400);
    }
  });

  it('come in pages, in order, narrowed by campaign, status, number and name', async () => {
    const own = await campaignRow();
    const leads = [
      await added({ name: 'Zed_one' }, own),
      await added({ name: 'zed two' }, own),
      await added({}, own),
    ];
    const ids = (page: Page) => page.leads.map((each) => each.leadId);
    const all = leads.map((each) => each.leadId);
    const first = await get<Page>(`/api/leads?campaign=${own}&limit=2`);
    expect(ids(first)).toEqual(all.slice(0, 2));
    expect(ids(await get<Page>(`/api/leads?campaign=${own}&cursor=${first.nextCursor}`))).toEqual([all[2]]);
    expect(ids(await get<Page>(`/api/leads?campaign=${own}&search=zed`))).toEqual(all.slice(0, 2));
    expect(ids(await get<Page>(`/api/leads?campaign=${own}&search=zed_`))).toEqual([all[0]]);
    const number = encodeURIComponent(leads[2]?.phone ?? '');
    expect(ids(await get<Page>(`/api/leads?search=${number}`))).toEqual([all[2]]);
    await patch(all[1] as string, { status: 'withdrawn' });
    expect(ids(await get<Page>(`/api/leads?campaign=${own}&status=withdrawn`))).toEqual([all[1]]);
    expect((await ask(`/api/leads?cursor=x.1`, { headers: admin })).status).toBe(400);
  });

  it('PRIVACY-1 are masked by role, and names are not felt for by who may not see them', async () => {
    const { leadId } = await added();
    for (const who of [await signIn('viewer'), await signIn('operator'), await apiKey(['leads:read'])]) {
      const { lead } = await get<Shown>(`/api/leads/${leadId}`, who);
      expect(JSON.stringify(lead)).not.toMatch(/Lovelace|3125|example\.com|Roadster|60601|web form/);
      expect((await ask('/api/leads?search=Ada', { headers: who })).status).toBe(403);
    }
    const key = await apiKey(['leads:read', 'personalData:read']);
    expect((await get<Shown>(`/api/leads/${leadId}`, key)).lead.name).toBe('Ada Lovelace');
  });

  it('PRIVACY-4 an operator reveals one, and that is logged first', async () => {
    const { leadId } = await added();
    const operator = await signIn('operator');
    const response = await post(`/api/leads/${leadId}/reveal`, { reason: 'called me back' }, operator);
    expect((await response.json<{ lead: Lead }>()).lead.name).toBe('Ada Lovelace');
    const row = await env.DB.prepare(`SELECT action, detail FROM audit WHERE subject = ?  ORDER BY id DESC`)
      .bind(`lead:${leadId}`)
      .first();
    expect(row).toEqual({ action: 'personalData.revealed', detail: 'called me back' });
    const viewer = await signIn('viewer');
    expect((await post(`/api/leads/${leadId}/reveal`, { reason: 'curious' }, viewer)).status).toBe(403);
  });

  it('say whether they could be called now, and why not', async () => {
    const { leadId } = await added({ zone: 'America/Chicago' });
    const { now } = await get<Shown>(`/api/leads/${leadId}`);
    expect(now.because).toMatch(now.allowed ? /^Allowed because it is / : /^Outside calling hours/);
    expect(now.localTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
    const nowhere = await added({ phone: '+1 800 555 0188', postalCode: null });
    const shown = await get<Shown>(`/api/leads/${nowhere.leadId}`);
    expect(shown.now).toMatchObject({ allowed: false, localTime: null });
    expect(shown.now.because).toContain('give it a time zone');
    await patch(leadId, { status: 'withdrawn' });
    expect((await get<Shown>(`/api/leads/${leadId}`)).now.because).toContain('taken out');
  });

  it('one that was refused for want of a zone waits again when it is given one', async () => {
    const { leadId } = await added({ phone: '+1 888 555 0188', postalCode: null });
    await env.DB.prepare(
      `UPDATE leads SET status = 'exhausted', last_outcome = 'zoneUnknown' WHERE lead_id = ?`,
    )
      .bind(leadId)
      .run();
    expect((await patch(leadId, { name: 'Ada' })).status).toBe(200);
    expect((await get<Shown>(`/api/leads/${leadId}`)).lead.status).toBe('exhausted');
    expect((await patch(leadId, { zone: 'America/Chicago' })).status).toBe(200);
    expect((await get<Shown>(`/api/leads/${leadId}`)).lead.status).toBe('waiting');
  });

  it('are corrected, taken out and let wait again; one that is being called keeps its status', async () => {
    const { leadId } = await added();
    await patch(leadId, { name: 'Countess', zone: 'Europe/London', fields: { a: 'b' } });
    expect((await get<Shown>(`/api/leads/${leadId}`)).lead).toMatchObject({
      ...{ name: 'Countess', zone: 'Europe/London', fields: { a: 'b' }, email: 'ada@example.com' },
    });
    expect((await patch(leadId, { zone: 'nowhere' })).status).toBe(400);
    await env.DB.prepare(`UPDATE leads SET status = 'exhausted', attempts = 3 WHERE lead_id = ?`)
      .bind(leadId)
      .run();
    const back = await patch(leadId, { status: 'waiting' });
    expect((await back.json<{ lead: Lead }>()).lead).toMatchObject({ status: 'waiting', attempts: 0 });
    await env.DB.prepare(`UPDATE leads SET status = 'dialling' WHERE lead_id = ?`).bind(leadId).run();
    expect((await patch(leadId, { status: 'withdrawn' })).status).toBe(409);
    expect((await patch(leadId, { name: 'A' }, await signIn('operator'))).status).toBe(403);
  });
});

describe('DNC-2 a number that is put on the list is out of every queue', () => {
  it('by hand, with the reason; off it again, its leads stay out until somebody says so', async () => {
    const other = await campaignRow();
    const lead = await added();
    const twin = await added({ phone: lead.phone }, other);
    const operator = await signIn('operator');
    const body = { phone: lead.phone, country: 'US', reason: 'asked by mail' };
    const response = await post('/api/suppressions', body, operator);
    expect(response.status).toBe(201);
    expect(JSON.stringify(await response.json())).not.toContain(lead.phone);
    for (const { leadId } of [lead, twin]) {
      expect((await get<Shown>(`/api/leads/${leadId}`)).lead.status).toBe('doNotCall');
      expect((await patch(leadId, { status: 'waiting' })).status).toBe(409);
    }
    const late = await added({ phone: lead.phone }, await campaignRow());
    expect(late.status).toBe('doNotCall');

    type List = { suppressions: { phone: string; reason: string }[] };
    const search = `?search=${encodeURIComponent(lead.phone)}`;
    const list = await get<List>(`/api/suppressions${search}`);
    expect(list.suppressions).toMatchObject([{ phone: lead.phone, reason: 'asked by mail' }]);
    const masked = await get<List>('/api/suppressions', await signIn('viewer'));
    expect(JSON.stringify(masked)).not.toContain(lead.phone);

    const off = { phone: lead.phone, reason: 'a mistake' };
    expect((await post('/api/suppressions/remove', off, operator)).status).toBe(403);
    expect(await (await post('/api/suppressions/remove', off, admin)).json()).toEqual({ removed: true });
    expect(await (await post('/api/suppressions/remove', off, admin)).json()).toEqual({ removed: false });
    expect((await get<Shown>(`/api/leads/${lead.leadId}`)).lead.status).toBe('doNotCall');
    expect((await patch(lead.leadId, { status: 'waiting' })).status).toBe(200);
    const logged = await env.DB.prepare(
      `SELECT detail FROM audit WHERE action LIKE 'suppression.%' ORDER BY id DESC LIMIT 2`,
    ).all<{ detail: string }>();
    expect(logged.results.map((each) => each.detail)).toEqual(['a mistake', 'one number']);
  });

  it('comes in pages without a number in the cursor', async () => {
    for (let n = 0; n < 3; n++) {
      const body = { phone: `+1773555010${n}`, country: 'US', reason: 'asked us' };
      await post('/api/suppressions', body, admin);
    }
    type List = { suppressions: { phone: string }[]; nextCursor: string | null };
    const first = await get<List>('/api/suppressions?limit=2');
    expect(first.nextCursor).toMatch(/^\d+\.\d+$/);
    const second = await get<List>(`/api/suppressions?limit=2&cursor=${first.nextCursor}`);
    const phones = [...first.suppressions, ...second.suppressions].map((each) => each.phone);
    expect(new Set(phones).size).toBe(phones.length);
    expect(phones.slice(0, 3)).toEqual(['+17735550102', '+17735550101', '+17735550100']);
  });
});
