import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import type { CampaignSettings } from '../../domain/campaign/campaign.ts';

const day = [{ from: 0, to: 1440 }];
export const settingsOfCampaign: CampaignSettings = {
  name: 'Spring',
  profile: 'auto-sales',
  script: '',
  greeting: '',
  carrierId: 'lab',
  callerId: null,
  concurrency: 5,
  callsPerSecond: 5,
  windows: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day },
  retry: { busy: null, noAnswer: null, voicemail: null, failed: null },
  attempts: 3,
  caps: { per24h: 3, lifetime: 10 },
  ringMs: 20_000,
  voicemail: 'hangUp',
  voicemailMessage: '',
  consent: 'written',
};

/** A campaign as its table has it: a draft, unless said otherwise. */
export async function campaignRow(status: 'draft' | 'running' = 'draft'): Promise<string> {
  const campaignId = uuidv7();
  await env.DB.prepare(
    `INSERT INTO campaigns (campaign_id, name, status, settings, version, created_at_ms) VALUES (?, 'Spring', ?, ?, 1, ?)`,
  )
    .bind(campaignId, status, JSON.stringify(settingsOfCampaign), Date.now())
    .run();
  return campaignId;
}
