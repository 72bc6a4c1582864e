import type { CallRequested, Channel } from '../../domain/call/fact.ts';
import { leadWithNumber, lineNamed } from '../../database/lines.ts';
import type { Env } from '../../durable-objects/env.ts';
import { profileInUse } from '../../database/profiles.ts';
import { requestCall } from './request-call.ts';

export interface Ringing {
  /** Ours, as dialled. */
  readonly line: string;
  /** The caller's; null when withheld. */
  readonly from: string | null;
  readonly channel: Channel;
  /** Names this attempt and no other, so that news of it that comes twice makes one call. */
  readonly attempt: string;
  /** Where the media server has made one. */
  readonly room?: string;
}

/** Somebody calls one of our numbers (INBOUND-1). Null: nobody answers it. */
export async function inboundCall(env: Env, ringing: Ringing): Promise<Omit<CallRequested, 'type'> | null> {
  const line = await lineNamed(env.DB, ringing.line);
  const slug = line?.profile ?? null;
  const profile = slug === null ? null : await profileInUse(env.DB, slug);
  if (profile === null) return null;
  const lead = ringing.from === null ? null : await leadWithNumber(env.DB, ringing.from);
  return requestCall(env, {
    callId: await callIdOf(ringing.attempt),
    profile,
    channel: ringing.channel,
    media: 'livekit',
    contact: { name: lead?.name ?? null },
    requestedBy: 'caller',
    phone: { direction: 'inbound', number: ringing.from, line: ringing.line },
    ...(ringing.room === undefined ? {} : { room: ringing.room }),
    ...(lead === null ? {} : { lead: { leadId: lead.leadId, campaignId: lead.campaignId } }),
  });
}

/** The call that an attempt makes, whoever asks and however often: a UUID (version 8, RFC 9562) of its SHA-256. */
export async function callIdOf(attempt: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`inbound:${attempt}`));
  const bytes = new Uint8Array(digest).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
