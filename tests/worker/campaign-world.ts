import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import type { CampaignSettings } from '../../domain/campaign/campaign.ts';
import type { Campaign } from '../../domain/campaign/campaign.ts';
import type { Lead } from '../../domain/lead/lead.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { HOST, ask, post } from './world.ts';

export const CARRIER = 'test-carrier';
const always = [{ from: 0, to: 1440 }];

/** Settings that allow as much as settings can. */
export const settings = (over: Partial<CampaignSettings> = {}): CampaignSettings => ({
  name: 'Spring',
  profile: 'auto-sales',
  script: 'Ask {{lead.name}} about the car.',
  greeting: '',
  carrierId: CARRIER,
  callerId: null,
  concurrency: 10,
  callsPerSecond: 50,
  windows: { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always },
  retry: { busy: { afterMs: 60_000 }, noAnswer: null, voicemail: null, failed: null },
  attempts: 2,
  caps: { per24h: 3, lifetime: 10 },
  ringMs: 20_000,
  voicemail: 'hangUp',
  voicemailMessage: '',
  consent: 'written',
  ...over,
});

/** A zone in which people may be called now, whatever the time. */
export function openZone(nowMs = Date.now()): string {
  const hour = new Date(nowMs).getUTCHours();
  // Noon there, as near as whole hours go; `Etc/GMT+5` is five hours behind.
  const behind = hour - 12;
  return behind === 0 ? 'Etc/GMT' : behind > 0 ? `Etc/GMT+${behind}` : `Etc/GMT${behind}`;
}

/** A zone where it is the middle of the night. */
export const closedZone = (): string => openZone(Date.now() + 12 * 3_600_000);

export async function addCarrier(): Promise<void> {
  await env.DB.prepare(
    `INSERT OR IGNORE INTO carriers (carrier_id, kind, name, settings, calls_per_second, concurrency, enabled, created_at_ms)
     VALUES (?, 'lab', 'Lab', '{}', 50, 100, 1, 0)`,
  )
    .bind(CARRIER)
    .run();
  await env.DB.prepare('UPDATE dial_limits SET calls_per_second = 100').run();
}

export async function addLead(campaignId: string, over: Partial<Lead> = {}): Promise<string> {
  const leadId = uuidv7();
  const digits = Array.from({ length: 7 }, () => 2 + Math.floor(Math.random() * 8)).join('');
  await env.DB.prepare(
    `INSERT INTO leads (lead_id, campaign_id, phone, name, zone, fields, status, created_at_ms)
     VALUES (?, ?, ?, 'Robin Hood', ?, '{"vehicle":"a red one"}', ?, 0)`,
  )
    .bind(
      leadId,
      campaignId,
      // Washington: the federal hours and no others, which are the same on every day of the week.
      over.phone ?? `+1202${digits}`,
      over.zone === undefined ? openZone() : over.zone,
      over.status ?? 'waiting',
    )
    .run();
  return leadId;
}

/** A host whose agents take calls; nobody stands behind it. */
export async function heartbeat(seats = 100, activeCallIds: string[] = []): Promise<void> {
  await post(
    '/api/fleet/heartbeat',
    {
      protocol: PROTOCOL_VERSION,
      hostId: 'host-1',
      agentName: 'host-1',
      startedAtMs: 1,
      seats,
      activeCallIds,
      draining: false,
      callsFailed: 0,
      callsServed: 0,
      firstAudioP95Ms: null,
    },
    HOST,
  );
}

export async function newCampaign(
  who: Record<string, string>,
  over: Partial<CampaignSettings> = {},
): Promise<Campaign> {
  await addCarrier();
  const response = await post('/api/campaigns', settings(over), who);
  if (response.status !== 201) throw new Error(await response.text());
  return (await response.json<{ campaign: Campaign }>()).campaign;
}

export const command = (
  campaignId: string,
  name: string,
  who: Record<string, string>,
  body: unknown = {},
): Promise<Response> => post(`/api/campaigns/${campaignId}/${name}`, body, who);
export const start = (campaignId: string, who: Record<string, string>): Promise<Response> =>
  command(campaignId, 'start', who, { startsAtMs: null });

export const leadOf = (leadId: string) =>
  env.DB.prepare('SELECT * FROM leads WHERE lead_id = ?').bind(leadId).first<Record<string, unknown>>();
export const dialsOf = async (leadId: string) =>
  (
    await env.DB.prepare('SELECT * FROM dials WHERE lead_id = ? ORDER BY started_at_ms')
      .bind(leadId)
      .all<Record<string, string | number | null>>()
  ).results;

/** The agent of this call comes: now the number may ring. */
export async function agentComes(callId: string): Promise<void> {
  const room = env.CALL_ROOM.getByName(callId);
  await room.take({
    type: 'agentHello',
    offer: 1,
    session: `session-${callId}`,
    hostId: 'host-1',
    identity: `agent-${callId}`,
    agentClockMs: Date.now(),
  });
}

export const getJson = async <T>(path: string, who: Record<string, string>): Promise<T> =>
  (await ask(path, { headers: who })).json<T>();
