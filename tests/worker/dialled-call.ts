import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import type { CallInput } from '../../domain/call/input.ts';
import type { CarrierKind } from '../../domain/dial/order.ts';
import type { CallRoom } from '../../worker/index.ts';
import { openZone, settings } from './campaign-world.ts';
import { allowed } from '../domain/dialled-call.ts';

export interface Dialled {
  readonly callId: string;
  readonly room: DurableObjectStub<CallRoom>;
}

/** A call that is to ring `number` as soon as its agent is there. */
export async function dialledCall(
  number: string,
  carrier: CarrierKind = 'lab',
  carrierId = 'carrier-1',
): Promise<Dialled> {
  const callId = uuidv7();
  await takeSlot(callId, number, carrierId);
  const room = env.CALL_ROOM.getByName(callId);
  await room.take({
    type: 'requestCall',
    callId,
    epoch: crypto.randomUUID(),
    room: `call-${callId}`,
    profile: 'auto-sales',
    channel: carrier === 'lab' ? 'lab' : 'phone',
    media: 'livekit',
    contact: { name: 'Robin' },
    requestedBy: 'dialer',
    phone: { direction: 'outbound', number, line: '+12125550100' },
    dial: {
      carrierId,
      carrier,
      callerId: '+12125550100',
      ringMs: 20_000,
      voicemail: 'hangUp',
      decision: { ...allowed, callId },
    },
  });
  return { callId, room };
}

/** What the dialer writes before it requests a call: without it nothing rings (DIAL-1, DIAL-6). */
async function takeSlot(callId: string, number: string, carrierId: string): Promise<void> {
  const { DB } = env;
  const lead = `INSERT INTO leads (lead_id, campaign_id, phone, zone, fields, status, created_at_ms)
    VALUES (?1, 'k-dialled', ?2, ?3, '{}', 'dialling', 0)`;
  await DB.batch([
    DB.prepare('UPDATE dial_limits SET calls_per_second = 100'),
    DB.prepare(
      `INSERT INTO carriers VALUES (?1, 'lab', 'Lab', '{}', 50, 100, 1, 0) ON CONFLICT DO NOTHING`,
    ).bind(carrierId),
    DB.prepare(
      `INSERT INTO campaigns (campaign_id, name, status, settings, version, created_at_ms)
       VALUES ('k-dialled', 'x', 'draft', ?1, 1, 0) ON CONFLICT DO NOTHING`,
    ).bind(JSON.stringify(settings())),
    DB.prepare(lead).bind(callId, number, openZone()),
    DB.prepare(
      `INSERT INTO dials (call_id, lead_id, phone, carrier_id, started_at_ms) VALUES (?1, ?1, ?2, ?3, ?4)`,
    ).bind(callId, number, carrierId, Date.now()),
  ]);
}

/** Its agent comes, and with it the ringing. */
export async function agentComes({ room }: Dialled): Promise<void> {
  const inputs: CallInput[] = [
    { type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' },
    {
      type: 'agentHello',
      offer: 1,
      session: 's1',
      hostId: 'host-1',
      identity: 'agent-1',
      agentClockMs: Date.now(),
    },
  ];
  for (const input of inputs) await room.take(input);
}

export const typesOf = async ({ room }: Dialled): Promise<string[]> =>
  (await room.events(0))!.events.map((event) => event.type);

/** A number of the lab that nobody else rings, ending as wanted. */
let numbers = 0;
export const freshNumber = (ending: string): string => `+1212${String(10_000 + ++numbers)}${ending}`;
