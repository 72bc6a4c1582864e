import { webhooksFor } from '../database/webhooks.ts';
import type { CampaignEvent, CampaignEventKind } from '../domain/campaign/campaign-event.ts';
import type { NewNotice } from '../protocol/notices.ts';
import type { WebhookBody, WebhookEvent } from '../protocol/webhook.ts';
import type { Env } from './env.ts';
import { noticesOf, webhookDeskOf } from './env.ts';

const events: Readonly<Record<CampaignEventKind, WebhookEvent & `campaign.${string}`>> = {
  started: 'campaign.started',
  paused: 'campaign.paused',
  finished: 'campaign.finished',
};

/**
 * Hands an event of a campaign to everyone who is to hear of it; each keeps it under its id before this returns (HOOK-1).
 * @throws Error when any of them could not be reached
 */
export async function tellCampaign(env: Env, event: CampaignEvent): Promise<void> {
  const notice = noticeOf(event);
  const type = events[event.kind];
  const { id, atMs, kind: _kind, ...data } = event;
  const body: WebhookBody = { id, atMs, type, data };
  const listening = await webhooksFor(env.DB, type);
  await Promise.all([
    notice === null ? null : noticesOf(env).take(notice),
    ...listening.map((webhook) => webhookDeskOf(env, webhook.id).owe(body, null)),
  ]);
}

const pauses = {
  abandonBrake: 'too many people answered and found nobody',
  budget: 'the budget of this month is spent',
} as const;

/** People are told of what they did not do themselves. */
function noticeOf(event: CampaignEvent): NewNotice | null {
  const { id, atMs, name, leads, reached } = event;
  if (event.kind === 'finished') {
    const sentence = `Campaign “${name}” has finished: ${reached} of ${leads} leads were reached.`;
    return { id, atMs, callId: null, kind: 'campaignFinished', severity: 'info', sentence };
  }
  const { pausedBecause } = event;
  if (event.kind !== 'paused' || pausedBecause === null || pausedBecause === 'byPerson') return null;
  const sentence = `Campaign “${name}” paused itself: ${pauses[pausedBecause]}.`;
  return { id, atMs, callId: null, kind: 'campaignPaused', severity: 'urgent', sentence };
}
