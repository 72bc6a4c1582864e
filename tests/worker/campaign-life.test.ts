import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Campaign } from '../../domain/campaign/campaign.ts';
import { boardOf } from '../../durable-objects/env.ts';
import type { BoardDown } from '../../protocol/board.ts';
import type { CampaignProgress } from '../../protocol/campaign-progress.ts';
import { CampaignProgressSchema } from '../../protocol/campaign-progress.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import {
  addLead,
  command,
  dialsOf,
  getJson,
  heartbeat,
  newCampaign,
  settings,
  start,
} from './campaign-world.ts';
import { freshAddress, receivedBy, textOf } from './receivers.ts';
import { ask, connect, post, signIn } from './world.ts';

let admin: Record<string, string>;
beforeAll(async () => {
  admin = await signIn('admin');
});

const campaignOf = async (campaignId: string): Promise<Campaign> =>
  (await getJson<{ campaign: Campaign }>(`/api/campaigns/${campaignId}`, admin)).campaign;
const put = (campaignId: string, version: number, over: object): Promise<Response> =>
  ask(`/api/campaigns/${campaignId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...admin },
    body: JSON.stringify({ version, settings: settings(over) }),
  });

/** What the last message that speaks of a campaign says of it. */
const progressIn = (messages: readonly BoardDown[], campaignId: string): CampaignProgress | undefined =>
  messages
    .flatMap((each) => each.campaigns)
    .map((each) => CampaignProgressSchema.parse(each))
    .findLast((each) => each.campaignId === campaignId);

describe('a campaign’s life', () => {
  it('CAMP-1 starts by itself at its time, and the log says that nobody did it', async () => {
    await heartbeat();
    const { campaignId } = await newCampaign(admin);
    const leadId = await addLead(campaignId);
    const startsAtMs = Date.now() + 700;
    expect((await command(campaignId, 'start', admin, { startsAtMs })).status).toBe(200);
    expect(await campaignOf(campaignId)).toMatchObject({ status: 'scheduled', startsAtMs });
    expect(await dialsOf(leadId)).toEqual([]);
    await vi.waitFor(async () => expect((await campaignOf(campaignId)).status).toBe('running'), 10_000);
    await vi.waitFor(async () => expect(await dialsOf(leadId)).toHaveLength(1), 10_000);
    const { results } = await env.DB.prepare(
      `SELECT action, actor <> 'system' AS byPerson FROM audit WHERE subject = ? ORDER BY id`,
    )
      .bind(`campaign:${campaignId}`)
      .all();
    expect(results).toEqual([
      { action: 'campaign.created', byPerson: 1 },
      { action: 'campaign.scheduled', byPerson: 1 },
      { action: 'campaign.started', byPerson: 0 },
    ]);
  });

  it('CAMP-1 what is changed while it runs holds from the next dial on', async () => {
    await heartbeat();
    const { campaignId } = await newCampaign(admin, { concurrency: 1 });
    const leads = [await addLead(campaignId), await addLead(campaignId)];
    await start(campaignId, admin);
    const dialled = async (): Promise<number> => (await Promise.all(leads.map(dialsOf))).flat().length;
    await vi.waitFor(async () => expect(await dialled()).toBe(1), 10_000);
    const { version } = await campaignOf(campaignId);
    expect((await put(campaignId, version, { concurrency: 2 })).status).toBe(200);
    await vi.waitFor(async () => expect(await dialled()).toBe(2), 10_000);
  });

  it('HOOK-1 endpoints are told that it started, was paused and has dealt with every lead', async () => {
    const url = freshAddress();
    const events = ['campaign.started', 'campaign.paused', 'campaign.finished'];
    expect((await post('/api/webhooks', { url, events }, admin)).status).toBe(201);
    const { campaignId } = await newCampaign(admin, { consent: 'perLead', name: 'Told' });
    await heartbeat(0);
    const open = await newCampaign(admin, { name: 'Paused' });
    await addLead(open.campaignId);
    await start(open.campaignId, admin);
    await command(open.campaignId, 'pause', admin);
    await heartbeat();
    // Nothing says that this lead consented: refused for good, and nobody is left.
    await addLead(campaignId);
    await start(campaignId, admin);
    const told = async (): Promise<string[]> =>
      (await receivedBy(url)).map((each) => {
        const { type, data } = JSON.parse(textOf(each)) as { type: string; data: { campaignId: string } };
        return `${data.campaignId === campaignId ? 'Told' : 'Paused'} ${type}`;
      });
    await vi.waitFor(
      async () =>
        expect((await told()).sort()).toEqual([
          'Paused campaign.paused',
          'Paused campaign.started',
          'Told campaign.finished',
          'Told campaign.started',
        ]),
      { timeout: 15_000 },
    );
  });

  it('CAMP-6 the board’s socket shows it as D1 has it, also after the board lost its memory', async () => {
    await heartbeat(0);
    const { campaignId } = await newCampaign(admin);
    await addLead(campaignId);
    const viewer = await signIn('viewer');
    const board = await connect<BoardDown>(`/ws/board?v=${PROTOCOL_VERSION}`, viewer);
    await start(campaignId, admin);
    await board.until((messages) => progressIn(messages, campaignId)?.status === 'running');
    await addLead(campaignId);
    await env.CAMPAIGN_DIALER.getByName(campaignId).wake(campaignId);
    await board.until((messages) => progressIn(messages, campaignId)?.leads.waiting === 2);
    await evictDurableObject(boardOf(env));
    const again = await connect<BoardDown>(`/ws/board?v=${PROTOCOL_VERSION}`, viewer);
    await again.until((messages) => progressIn(messages, campaignId)?.leads.waiting === 2);
    expect(progressIn(again.messages, campaignId)).toMatchObject({
      status: 'running',
      live: 0,
      waitsFor: 'seats',
    });
    await command(campaignId, 'stop', admin);
    await again.until((messages) => progressIn(messages, campaignId)?.status === 'stopped');
  });
});
