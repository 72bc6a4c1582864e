import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import type { CallInput } from '../../domain/call/input.ts';
import type { CarrierKind } from '../../domain/dial/order.ts';
import type { CallRoom } from '../../worker/index.ts';
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
