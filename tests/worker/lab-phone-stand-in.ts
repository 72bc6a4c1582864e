import { Response } from 'miniflare';
import type { LabOrder, LabStatus } from '../../protocol/lab-phone.ts';

interface Rung {
  readonly order: LabOrder;
  status: LabStatus;
  /** Orders that arrived, whatever was answered. */
  orders: number;
  hungUp: boolean;
}
export interface RungReport {
  readonly order: LabOrder;
  readonly orders: number;
  readonly hungUp: boolean;
}

const calls = new Map<string, Rung>();
const never = new Promise<never>(() => undefined);

/**
 * The lab's exchange at the edge of the Worker. By the number's last two digits: `99` is rung and the answer is lost, `98` breaks
 * before it rings, `10` is busy at once; all others ring. `GET /report/<call>` tells what became of one.
 */
export async function labPhoneStandIn(request: {
  url: string;
  method: string;
  text(): Promise<string>;
}): Promise<Response> {
  const [, first = '', callId = ''] = new URL(request.url).pathname.split('/');
  if (first === 'report') return Response.json(calls.get(callId) ?? null);
  if (request.method === 'POST') return place(JSON.parse(await request.text()) as LabOrder);
  const call = calls.get(callId);
  if (call === undefined) return Response.json({ error: 'unknown' }, { status: 404 });
  if (request.method === 'DELETE') call.hungUp = true;
  return Response.json({ callId, status: call.status });
}

function place(order: LabOrder): Response | Promise<never> {
  const { callId, to } = order;
  if (to.endsWith('98')) return Response.json({ error: 'broken' }, { status: 500 });
  const call = calls.get(callId) ?? { order, status: 'ringing', orders: 0, hungUp: false };
  call.orders++;
  if (to.endsWith('10')) call.status = 'busy';
  calls.set(callId, call);
  return to.endsWith('99') ? never : Response.json({ callId, status: call.status });
}
