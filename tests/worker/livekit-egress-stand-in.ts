import { Response } from 'miniflare';

interface Egress {
  readonly egressId: string;
  readonly roomName: string;
  status: string;
  readonly startedAt: string;
  readonly roomComposite: Record<string, unknown>;
}
const made: Egress[] = [];
/** Methods whose next answer is lost although the work is done. */
const losing = new Set<string>();

/** `GET /egress-report/<room>`: what was started there, in its order. */
export const egressReport = (room: string): Response =>
  Response.json(made.filter((each) => each.roomName === room));
/** `POST /trouble/egress`: the names of methods whose next answer is to be lost. */
export function egressTrouble(body: string): Response {
  for (const method of JSON.parse(body) as string[]) losing.add(method);
  return Response.json({});
}

/** LiveKit's Egress API: what is started is active at once, until it is stopped. */
export function liveKitEgress(method: string, body: string): Response {
  const answer = work(method, JSON.parse(body || '{}') as Record<string, unknown>);
  return losing.delete(method)
    ? Response.json({ code: 'unavailable', msg: 'lost' }, { status: 503 })
    : Response.json(answer);
}

function work(method: string, asked: Record<string, unknown>): object {
  switch (method) {
    case 'StartRoomCompositeEgress': {
      const egress: Egress = {
        egressId: `EG_${made.length + 1}`,
        roomName: asked.roomName as string,
        status: 'EGRESS_ACTIVE',
        startedAt: `${Date.now()}000000`,
        roomComposite: asked,
      };
      made.push(egress);
      return egress;
    }
    case 'ListEgress':
      return { items: made.filter((each) => each.roomName === asked.roomName) };
    case 'StopEgress': {
      const egress = made.find((each) => each.egressId === asked.egressId);
      if (egress !== undefined) egress.status = 'EGRESS_ENDING';
      return egress ?? {};
    }
    default:
      return {};
  }
}
