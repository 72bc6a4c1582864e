import { isBudgetSpent } from '../../database/budget.ts';
import { Hono } from 'hono';
import type { Context } from 'hono';
import * as z from 'zod/mini';
import { uuidv7 } from 'uuidv7';
import {
  addCampaign,
  archiveCampaign,
  campaignNamed,
  campaignPage,
  changeSettings,
  moveCampaign,
  settingsOf,
} from '../../database/campaigns.ts';
import type { Move } from '../../database/campaigns.ts';
import type { Campaign } from '../../domain/campaign/campaign.ts';
import type { Command } from '../../domain/campaign/lifecycle.ts';
import { commandFrom, whyNot } from '../../domain/campaign/lifecycle.ts';
import { wakeDialer } from '../../durable-objects/wake-dialer.ts';
import type { AuditAction } from '../../protocol/api/audit.ts';
import * as contracts from '../../protocol/api/campaigns.ts';
import { Uuid, rowsOf } from '../../protocol/api/common.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { campaignRow } from '../campaigns/campaign-row.ts';
import { startProblems } from '../campaigns/start-problems.ts';
import { unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

const NAME_LENGTH = 120;

export const campaignRoutes = new Hono<AppEnv>();

export const noSuchCampaign = (c: Context<AppEnv>): Response =>
  refuse(c, 'not_found', 'There is no such campaign.');

serve(campaignRoutes, contracts.listCampaigns, async (c, { query }) => {
  const { cursor = null } = query;
  if (cursor !== null && !z.safeParse(Uuid, cursor).success) return unknownCursor(c);
  const page = await campaignPage(c.env.DB, query.archived === 'true', cursor, rowsOf(query.limit));
  const campaigns = await Promise.all(page.campaigns.map((each) => campaignRow(c.env, each)));
  return { campaigns, nextCursor: page.nextCursor };
});

serve(campaignRoutes, contracts.createCampaign, async (c, { body }) => {
  const campaignId = c.get('newId') ?? uuidv7();
  const entry = auditOf(c, 'campaign.created', { subject: `campaign:${campaignId}` });
  await addCampaign(c.env.DB, campaignId, body, Date.now(), entry);
  return asItIs(c, campaignId);
});

serve(campaignRoutes, contracts.getCampaign, async (c, { params }) => {
  const campaign = await campaignNamed(c.env.DB, params.campaignId);
  return campaign === null ? noSuchCampaign(c) : campaignRow(c.env, campaign);
});

serve(campaignRoutes, contracts.changeCampaign, async (c, { params: { campaignId }, body }) => {
  const before = await campaignNamed(c.env.DB, campaignId);
  if (before === null) return noSuchCampaign(c);
  const now = settingsOf(before);
  const changed = (Object.keys(body.settings) as (keyof typeof now)[]).filter(
    (key) => JSON.stringify(body.settings[key]) !== JSON.stringify(now[key]),
  );
  // The same again is a retry whose answer was lost.
  if (changed.length === 0) return { campaign: before };
  const entry = auditOf(c, 'campaign.changed', {
    subject: `campaign:${campaignId}`,
    detail: changed.join(', '),
  });
  const done =
    before.version === body.version &&
    (await changeSettings(c.env.DB, campaignId, body.version, body.settings, entry));
  if (!done) {
    return refuse(c, 'conflict', 'It was changed meanwhile.', {
      detail: 'Load it again, and make your changes on what it is now.',
      errors: [{ field: 'version', problem: `it is at ${before.version}` }],
    });
  }
  await wakeDialer(c.env, campaignId);
  return asItIs(c, campaignId);
});

serve(campaignRoutes, contracts.duplicateCampaign, async (c, { params }) => {
  const original = await campaignNamed(c.env.DB, params.campaignId);
  if (original === null) return noSuchCampaign(c);
  const campaignId = c.get('newId') ?? uuidv7();
  const settings = settingsOf(original);
  const copy = { ...settings, name: `${settings.name.slice(0, NAME_LENGTH - 7)} (copy)` };
  const detail = `a copy of campaign:${original.campaignId}`;
  const entry = auditOf(c, 'campaign.created', { subject: `campaign:${campaignId}`, detail });
  await addCampaign(c.env.DB, campaignId, copy, Date.now(), entry);
  return asItIs(c, campaignId);
});

serve(campaignRoutes, contracts.checkCampaign, async (c, { params }) => {
  const campaign = await campaignNamed(c.env.DB, params.campaignId);
  if (campaign === null) return noSuchCampaign(c);
  return { problems: await startProblems(c.env, campaign, Date.now()) };
});

serve(campaignRoutes, contracts.startCampaign, async (c, { params: { campaignId }, body }) => {
  const campaign = await campaignNamed(c.env.DB, campaignId);
  if (campaign === null) return noSuchCampaign(c);
  const nowMs = Date.now();
  const startsAtMs = body.startsAtMs !== null && body.startsAtMs > nowMs ? body.startsAtMs : null;
  if (campaign.status === 'running') return { campaign };
  if (campaign.status === 'scheduled' && campaign.startsAtMs === startsAtMs) return { campaign };
  if (commandFrom.start.includes(campaign.status)) {
    const problems = await startProblems(c.env, campaign, nowMs);
    if (problems.length > 0) {
      return refuse(c, 'campaign_cannot_start', 'It cannot start.', {
        detail: problems.map((each) => each.message).join(' '),
        errors: problems.map((each) => ({ field: each.code, problem: each.message })),
      });
    }
  }
  const move: Move =
    startsAtMs === null
      ? { to: 'running', from: commandFrom.start, startedAtMs: nowMs, endedAtMs: null }
      : { to: 'scheduled', from: commandFrom.start, startsAtMs, endedAtMs: null };
  return command(c, campaign, 'start', startsAtMs === null ? 'campaign.started' : 'campaign.scheduled', move);
});

serve(campaignRoutes, contracts.pauseCampaign, (c, { params }) =>
  commanded(c, params.campaignId, 'pause', 'campaign.paused', {
    to: 'paused',
    from: commandFrom.pause,
    pausedBecause: 'byPerson',
  }),
);
serve(campaignRoutes, contracts.resumeCampaign, async (c, { params }) => {
  if (await isBudgetSpent(c.env.DB, Date.now()))
    return refuse(c, 'conflict', 'The budget of this month is spent.', {
      detail: 'An admin can raise it under Settings → Prices.',
    });
  return commanded(c, params.campaignId, 'resume', 'campaign.resumed', {
    to: 'running',
    from: commandFrom.resume,
  });
});
serve(campaignRoutes, contracts.stopCampaign, (c, { params }) =>
  commanded(c, params.campaignId, 'stop', 'campaign.stopped', {
    to: 'stopped',
    from: commandFrom.stop,
    endedAtMs: Date.now(),
  }),
);

serve(campaignRoutes, contracts.archiveCampaign, async (c, { params: { campaignId } }) => {
  const campaign = await campaignNamed(c.env.DB, campaignId);
  if (campaign === null) return noSuchCampaign(c);
  if (campaign.archivedAtMs !== null) return { campaign };
  const entry = auditOf(c, 'campaign.archived', { subject: `campaign:${campaignId}` });
  const from = commandFrom.archive;
  const done =
    from.includes(campaign.status) && (await archiveCampaign(c.env.DB, campaignId, from, Date.now(), entry));
  return done ? asItIs(c, campaignId) : cannot(c, 'archive', campaign);
});

async function commanded(
  c: Context<AppEnv>,
  campaignId: string,
  name: Command,
  action: AuditAction,
  move: Move,
): Promise<Response | { campaign: Campaign }> {
  const campaign = await campaignNamed(c.env.DB, campaignId);
  if (campaign === null) return noSuchCampaign(c);
  // It is there already: the same command again changes nothing.
  return campaign.status === move.to ? { campaign } : command(c, campaign, name, action, move);
}

async function command(
  c: Context<AppEnv>,
  campaign: Campaign,
  name: Command,
  action: AuditAction,
  move: Move,
): Promise<Response | { campaign: Campaign }> {
  const { campaignId } = campaign;
  if (!move.from.includes(campaign.status) || campaign.archivedAtMs !== null)
    return cannot(c, name, campaign);
  const entry = auditOf(c, action, { subject: `campaign:${campaignId}` });
  const moved = await moveCampaign(c.env.DB, campaignId, move, entry);
  await wakeDialer(c.env, campaignId);
  return moved ? asItIs(c, campaignId) : cannot(c, name, campaign);
}

const cannot = (c: Context<AppEnv>, name: Command, { status, archivedAtMs }: Campaign): Response =>
  refuse(c, 'conflict', `It cannot be asked to ${name} now.`, {
    detail: archivedAtMs === null ? whyNot(name, status) : 'It is archived.',
  });

async function asItIs(c: Context<AppEnv>, campaignId: string): Promise<{ campaign: Campaign } | Response> {
  const campaign = await campaignNamed(c.env.DB, campaignId);
  return campaign === null ? noSuchCampaign(c) : { campaign };
}
