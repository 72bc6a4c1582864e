import { Response } from 'miniflare';
import { egressReport, egressTrouble, liveKitEgress } from './livekit-egress-stand-in.ts';
import { liveKitSip, sipReport, sipTrouble } from './livekit-sip-stand-in.ts';

/**
 * How LiveKit's API misbehaves: `fails` answers 500, `hangs` never answers, `loses` does its work and never answers.
 */
export type Trouble = 'fails' | 'hangs' | 'loses';

/** What became of a room, as LiveKit would know it. */
export interface RoomReport {
  /** Requests by method, whatever came of them. */
  readonly asked: Record<string, number>;
  /** Effects by method: a room that stands already is not created, one that is gone is not deleted. */
  readonly done: Record<string, number>;
}

interface Room {
  readonly asked: Map<string, number>;
  readonly done: Map<string, number>;
  /** By method, what happens to its next requests. */
  trouble: Record<string, Trouble[]>;
  stands: boolean;
  readonly dispatches: { readonly id: string; readonly agentName: string; readonly metadata: string }[];
}

const rooms = new Map<string, Room>();
const never = new Promise<never>(() => undefined);

/**
 * LiveKit's API at the edge of the Worker: rooms and dispatches are taken, nobody is in any room. `GET /report/<room>` tells
 * what it was asked and did; `POST /trouble/<room>` says what goes wrong next, by method.
 */
export async function liveKitStandIn(request: { url: string; text(): Promise<string> }): Promise<Response> {
  const [, first = '', second = ''] = new URL(request.url).pathname.split('/');
  if (first === 'sip-report') return sipReport();
  if (first === 'egress-report') return egressReport(second);
  if (first === 'report') {
    const { asked, done } = roomOf(second);
    return Response.json({ asked: Object.fromEntries(asked), done: Object.fromEntries(done) });
  }
  const body = await request.text();
  if (first === 'trouble' && second === 'sip') return sipTrouble(body);
  if (first === 'trouble' && second === 'egress') return egressTrouble(body);
  if (new URL(request.url).pathname.startsWith('/twirp/livekit.Egress/'))
    return liveKitEgress(new URL(request.url).pathname.split('/').at(-1) ?? '', body);
  if (new URL(request.url).pathname.startsWith('/twirp/livekit.SIP/'))
    return liveKitSip(new URL(request.url).pathname.split('/').at(-1) ?? '', body);
  if (first === 'trouble') {
    roomOf(second).trouble = JSON.parse(body) as Room['trouble'];
    return Response.json({});
  }
  const method = new URL(request.url).pathname.split('/').at(-1) ?? '';
  const asked = JSON.parse(body) as { name?: string; room?: string };
  const room = roomOf(asked.room ?? asked.name ?? '');
  count(room.asked, method);
  const trouble = room.trouble[method]?.shift();
  if (trouble === 'fails') return Response.json({ code: 'internal', msg: 'it broke' }, { status: 500 });
  if (trouble === 'hangs') return never;
  const answer = work(room, method, asked);
  return trouble === 'loses' ? never : answer;
}

function work(room: Room, method: string, asked: object): Response {
  switch (method) {
    case 'CreateRoom':
      if (!room.stands) count(room.done, method);
      room.stands = true;
      return Response.json({});
    case 'DeleteRoom':
      if (!room.stands) return Response.json({ code: 'not_found', msg: 'no such room' }, { status: 404 });
      count(room.done, method);
      room.stands = false;
      return Response.json({});
    case 'CreateDispatch': {
      const { agentName, metadata } = asked as { agentName: string; metadata: string };
      count(room.done, method);
      const dispatch = { id: `AD_${room.dispatches.length + 1}`, agentName, metadata };
      room.dispatches.push(dispatch);
      return Response.json(dispatch);
    }
    case 'ListDispatch':
      return Response.json({ agentDispatches: room.dispatches });
    default:
      return Response.json({});
  }
}

function roomOf(name: string): Room {
  let room = rooms.get(name);
  if (room === undefined) {
    room = { asked: new Map(), done: new Map(), trouble: {}, stands: false, dispatches: [] };
    rooms.set(name, room);
  }
  return room;
}

function count(counts: Map<string, number>, method: string): void {
  counts.set(method, (counts.get(method) ?? 0) + 1);
}
