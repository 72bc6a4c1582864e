import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Campaign } from '../../domain/campaign/campaign.ts';
import type { DialDecision } from '../../domain/dial/decision.ts';
import type { CampaignProgress } from '../../protocol/campaign-progress.ts';
import {
  addLead,
  agentComes,
  closedZone,
  command,
  dialsOf,
  getJson,
  heartbeat,
  leadOf,
  newCampaign,
  settings,
  start,
} from './campaign-world.ts';
import { apiKey, ask, post, signIn } from './world.ts';

type Row = { campaign: Campaign; progress: CampaignProgress };
let admin: Record<string, string>;
const rowOf = (campaignId: string): Promise<Row> => getJson<Row>(`/api/campaigns/${campaignId}`, admin);
/** The call of a lead's first dial, once there is one that was requested. */
const dialled = (leadId: string, dial = 0): Promise<string> =>
  vi.waitFor(async () => {
    const callId = (await dialsOf(leadId))[dial]?.call_id as string;
    expect(await env.CALL_ROOM.getByName(callId).summary()).not.toBeNull();
    return callId;
  });
const offered = (callId: string): Promise<void> =>
  vi.waitFor(async () => {
    const page = await env.CALL_ROOM.getByName(callId).events(0);
    expect(page?.events.map((each) => each.type)).toContain('agentOffered');
  });
const eventTypes = async (callId: string): Promise<string[]> =>
  ((await env.CALL_ROOM.getByName(callId).events(0))?.events ?? []).map((each) => each.type);
const rings = (callId: string): Promise<void> =>
  vi.waitFor(async () => expect(await eventTypes(callId)).toContain('dialStarted'));

beforeAll(async () => {
  admin = await signIn('admin');
});

describe('campaigns', () => {
  it('CAMP-1 is made, changed by the version that was edited, copied and put away', async () => {
    const made = await newCampaign(admin);
    expect(made).toMatchObject({ status: 'draft', version: 1, name: 'Spring' });
    const path = `/api/campaigns/${made.campaignId}`;
    const put = (version: number, name: string) =>
      ask(path, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...admin },
        body: JSON.stringify({ version, settings: settings({ name }) }),
      });
    expect(await (await put(1, 'Summer')).json()).toMatchObject({ campaign: { version: 2, name: 'Summer' } });
    // A retry whose answer was lost, then somebody who edited an older one.
    expect((await put(1, 'Summer')).status).toBe(200);
    const conflict = await put(1, 'Autumn');
    expect(conflict.status).toBe(409);
    expect(await conflict.json()).toMatchObject({ code: 'conflict', errors: [{ field: 'version' }] });
    const copy = await (await command(made.campaignId, 'duplicate', admin)).json<{ campaign: Campaign }>();
    expect(copy.campaign).toMatchObject({ name: 'Summer (copy)', status: 'draft' });
    for (let again = 0; again < 2; again++)
      expect((await command(copy.campaign.campaignId, 'archive', admin)).status).toBe(200);
    const listed = await getJson<{ campaigns: Row[] }>('/api/campaigns', admin);
    expect(listed.campaigns.map((each) => each.campaign.campaignId)).not.toContain(copy.campaign.campaignId);
    const { results } = await env.DB.prepare('SELECT action, detail FROM audit WHERE subject = ? ORDER BY id')
      .bind(`campaign:${made.campaignId}`)
      .all();
    expect(results).toEqual([
      { action: 'campaign.created', detail: null },
      { action: 'campaign.changed', detail: 'name' },
    ]);
  });

  it('CAMP-1 that cannot dial anybody does not start, and every reason is named', async () => {
    const none = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    const bad = await newCampaign(admin, {
      windows: none,
      profile: 'gone',
      carrierId: 'gone',
      script: '{{lead.shoe_size}}',
      callerId: '+12025550143',
    });
    const codes = async (): Promise<string[]> =>
      (
        await getJson<{ problems: { code: string }[] }>(`/api/campaigns/${bad.campaignId}/problems`, admin)
      ).problems.map((each) => each.code);
    expect(await codes()).toEqual([
      'noLeads',
      'profileGone',
      'carrierGone',
      'placeholderUnknown',
      'callerIdUnknown',
    ]);
    await addLead(bad.campaignId);
    expect(await codes()).toContain('neverOpens');
    const refused = await start(bad.campaignId, admin);
    expect(refused.status).toBe(409);
    const problem = await refused.json<{ code: string; errors: { field: string }[] }>();
    expect(problem.code).toBe('campaign_cannot_start');
    expect(problem.errors.map((each) => each.field)).toContain('neverOpens');
    expect((await rowOf(bad.campaignId)).campaign.status).toBe('draft');
  });

  it('CAMP-1 that has dealt with every lead finishes by itself, and the log says so', async () => {
    const { campaignId } = await newCampaign(admin, { consent: 'perLead' });
    // Nothing says that this lead consented: refused for good.
    const leadId = await addLead(campaignId);
    await heartbeat();
    expect((await start(campaignId, admin)).status).toBe(200);
    await vi.waitFor(async () => expect((await rowOf(campaignId)).campaign.status).toBe('finished'), 10_000);
    expect(await dialsOf(leadId)).toEqual([]);
    const entry = await env.DB.prepare(
      `SELECT actor FROM audit WHERE subject = ? AND action = 'campaign.finished'`,
    )
      .bind(`campaign:${campaignId}`)
      .all<{ actor: string }>();
    expect(entry.results).toEqual([{ actor: 'system' }]);
  });

  it('who may do what: viewers look, supervisors steer, keys by scope', async () => {
    const { campaignId } = await newCampaign(admin);
    const viewer = await signIn('viewer');
    expect((await ask(`/api/campaigns/${campaignId}`, { headers: viewer })).status).toBe(200);
    expect((await post('/api/campaigns', settings(), viewer)).status).toBe(403);
    expect((await start(campaignId, viewer)).status).toBe(403);
    const reader = await apiKey(['campaigns:read']);
    expect((await ask('/api/campaigns', { headers: reader })).status).toBe(200);
    expect((await post('/api/campaigns', settings(), reader)).status).toBe(403);
    const supervisor = await signIn('supervisor');
    expect((await post('/api/campaigns', settings(), supervisor)).status).toBe(201);
    const put = (who: Record<string, string>) =>
      ask('/api/dial-limits', {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...who },
        body: JSON.stringify({ concurrency: 50, callsPerSecond: 100 }),
      });
    expect((await put(supervisor)).status).toBe(403);
    expect((await put(admin)).status).toBe(200);
  });
});

describe('dialling', () => {
  it('DIAL-1 DIAL-2 DIAL-5 a lead is claimed, waits for its agent, rings, and its outcome is settled once', async () => {
    await heartbeat();
    const { campaignId } = await newCampaign(admin);
    const leadId = await addLead(campaignId);
    expect((await start(campaignId, admin)).status).toBe(200);
    const callId = await dialled(leadId);
    await offered(callId);
    expect(await eventTypes(callId)).not.toContain('dialStarted');
    expect(await leadOf(leadId)).toMatchObject({ status: 'dialling', attempts: 1, last_call_id: callId });
    const [requested] = (await env.CALL_ROOM.getByName(callId).events(0))!.events;
    expect(requested).toMatchObject({
      channel: 'lab',
      media: 'livekit',
      lead: { leadId, campaignId },
      briefing: { script: 'Ask Robin Hood about the car.', greeting: null },
      dial: {
        carrierId: 'test-carrier',
        decision: { chain: campaignId, seq: 1, callId, verdict: 'allowed' },
      },
    });
    await agentComes(callId);
    await rings(callId);
    const room = env.CALL_ROOM.getByName(callId);
    await room.take({ type: 'dialFailed', failure: 'busy', cause: '486' });
    await vi.waitFor(async () => expect((await leadOf(leadId))?.status).toBe('waiting'));
    const after = await leadOf(leadId);
    const [dial] = await dialsOf(leadId);
    expect(after).toMatchObject({ attempts: 1, last_outcome: 'busy' });
    expect(after?.next_attempt_at_ms).toBe((dial!.ended_at_ms as number) + 60_000);
    expect(dial).toMatchObject({ outcome: 'busy', answered_at_ms: null });
    expect(dial!.rung_at_ms).not.toBeNull();
    // Told again, it changes nothing.
    const news = await room.news();
    if (typeof news === 'string') throw new Error(news);
    await env.CAMPAIGN_DIALER.getByName(campaignId).settle(campaignId, news);
    expect(await leadOf(leadId)).toEqual(after);
    const { progress } = await rowOf(campaignId);
    expect(progress).toMatchObject({
      status: 'running',
      dials: 1,
      live: 0,
      outcomes: { busy: 1 },
      waitsFor: 'retries',
    });
    expect(progress.leads).toMatchObject({ waiting: 1, dialling: 0 });
  });

  it('DIAL-9 a number that is put on the do-not-call list while its agent is sought does not ring', async () => {
    await heartbeat();
    const { campaignId } = await newCampaign(admin);
    const leadId = await addLead(campaignId);
    await start(campaignId, admin);
    const callId = await dialled(leadId);
    await offered(callId);
    const { phone } = (await leadOf(leadId)) as { phone: string };
    await env.DB.prepare(
      `INSERT INTO suppressions (phone, source, reason, added_by, added_at_ms) VALUES (?, 'person', 'asked', 'x', 0)`,
    )
      .bind(phone)
      .run();
    await agentComes(callId);
    await vi.waitFor(async () => expect((await leadOf(leadId))?.status).toBe('doNotCall'));
    expect(await eventTypes(callId)).not.toContain('dialStarted');
    expect((await dialsOf(leadId))[0]).toMatchObject({ outcome: 'cancelled', rung_at_ms: null });
    // Nobody is left: it is finished, and people are told.
    await vi.waitFor(async () => expect((await rowOf(campaignId)).campaign.status).toBe('finished'));
    const { notifications } = await getJson<{ notifications: { kind: string; sentence: string }[] }>(
      '/api/notifications',
      admin,
    );
    expect(notifications[0]).toMatchObject({ kind: 'campaignFinished' });
  });

  it('a lead outside its hours is refused with proof, and the chain verifies until a record is missing', async () => {
    await heartbeat();
    const { campaignId } = await newCampaign(admin);
    const closed = await addLead(campaignId, { zone: closedZone() });
    const open = await addLead(campaignId);
    await start(campaignId, admin);
    await dialled(open);
    const { decisions } = await getJson<{ decisions: DialDecision[] }>(
      `/api/campaigns/${campaignId}/decisions`,
      admin,
    );
    const refused = decisions.find((each) => each.leadId === closed);
    expect(refused).toMatchObject({ verdict: 'refused', refusal: 'outsideHours', callId: null });
    expect(refused!.because).toMatch(/^Refused because it is \d\d:\d\d in .*zone given with the lead/);
    expect((await leadOf(closed))?.next_attempt_at_ms).toBe(refused!.nextOpenAtMs);
    expect(await dialsOf(closed)).toEqual([]);
    const verify = async (): Promise<unknown> =>
      (await command(campaignId, 'verify-decisions', admin)).json();
    expect(await verify()).toEqual({ records: 2, intact: true, brokenAtSeq: null });
    await expect(env.DB.prepare('DELETE FROM decisions').run()).rejects.toThrow('never removed');
    await env.DB.prepare('DROP TRIGGER decisions_remain').run();
    await env.DB.prepare('DELETE FROM decisions WHERE chain = ? AND seq = 2').bind(campaignId).run();
    expect(await verify()).toEqual({ records: 1, intact: false, brokenAtSeq: 2 });
    const { nextDials } = await getJson<{ nextDials: { leadId: string; allowedNow: boolean }[] }>(
      `/api/campaigns/${campaignId}/next-dials`,
      admin,
    );
    expect(nextDials).toMatchObject([{ leadId: closed, allowedNow: false }]);
  });

  it('CAMP-2 no more are dialled than there are seats; pausing dials nobody new, resuming goes on', async () => {
    await heartbeat(0);
    const { campaignId } = await newCampaign(admin);
    const leadId = await addLead(campaignId);
    await start(campaignId, admin);
    await vi.waitFor(async () => expect((await rowOf(campaignId)).progress.waitsFor).toBe('seats'));
    expect(await dialsOf(leadId)).toEqual([]);
    expect((await command(campaignId, 'pause', admin)).status).toBe(200);
    expect((await command(campaignId, 'pause', admin)).status).toBe(200);
    await heartbeat();
    expect((await rowOf(campaignId)).campaign).toMatchObject({ status: 'paused', pausedBecause: 'byPerson' });
    expect((await start(campaignId, admin)).status).toBe(409);
    expect(await dialsOf(leadId)).toEqual([]);
    expect((await command(campaignId, 'resume', admin)).status).toBe(200);
    await dialled(leadId);
  });

  it('CAMP-5 a call by hand passes the same judge: refused with its sentence, or rung', async () => {
    await heartbeat();
    const { campaignId } = await newCampaign(admin);
    const closed = await addLead(campaignId, { zone: closedZone() });
    const refused = await post(`/api/leads/${closed}/call`, {}, admin);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      code: 'dial_refused',
      title: expect.stringMatching(/^Refused because it is/) as unknown,
    });
    const leadId = await addLead(campaignId);
    const key = { ...admin, 'idempotency-key': crypto.randomUUID() };
    const called = await post(`/api/leads/${leadId}/call`, {}, key);
    expect(called.status).toBe(201);
    const { callId } = await called.json<{ callId: string }>();
    expect(await (await post(`/api/leads/${leadId}/call`, {}, key)).json()).toEqual({ callId });
    await offered(callId);
    expect(await dialsOf(leadId)).toMatchObject([{ call_id: callId, campaign_id: null }]);
    await agentComes(callId);
    await rings(callId);
    await env.CALL_ROOM.getByName(callId).take({
      type: 'dialFailed',
      failure: 'invalidNumber',
      cause: '404',
    });
    await vi.waitFor(async () => expect((await leadOf(leadId))?.status).toBe('unreachable'));
    expect((await dialsOf(leadId))[0]).toMatchObject({ outcome: 'invalidNumber' });
  });
});
