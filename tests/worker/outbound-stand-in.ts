import { Response } from 'miniflare';
import { labPhoneStandIn } from './lab-phone-stand-in.ts';
import { liveKitStandIn } from './livekit-stand-in.ts';
import { twilioStandIn } from './twilio-stand-in.ts';

/** What the Worker asked some receiver. */
export interface Received {
  readonly atMs: number;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
}
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Asking {
  readonly url: string;
  readonly method: string;
  readonly headers: Iterable<[string, string]>;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Tests steer receivers through it: `PUT /answers?url=` with a list, whose last one repeats; `GET /received?url=`. */
export const RECEIVERS = 'http://receivers.test';

const answers = new Map<string, Answer[]>();
const received = new Map<string, Received[]>();

/** Everything outside the Worker, in this process: LiveKit's API, carriers and any receiver of webhooks and pushes. */
export async function outboundStandIn(request: Asking): Promise<Response> {
  const url = new URL(request.url);
  if (url.origin === RECEIVERS) return steer(url, request);
  if (url.hostname === 'phone.test') return labPhoneStandIn(request);
  if (url.hostname === 'twilio.test') return twilioStandIn(request);
  return url.hostname === 'livekit.test' ? liveKitStandIn(request) : receiver(url, request);
}

async function steer(url: URL, request: Asking): Promise<Response> {
  const about = url.searchParams.get('url') ?? '';
  if (url.pathname === '/received') return Response.json(received.get(about) ?? []);
  answers.set(about, JSON.parse(await request.text()) as Answer[]);
  return Response.json({});
}

async function receiver(url: URL, request: Asking): Promise<Response> {
  const bodyBase64 = Buffer.from(await request.arrayBuffer()).toString('base64');
  const headers = Object.fromEntries(request.headers);
  const all = received.get(url.href) ?? [];
  received.set(url.href, [...all, { atMs: Date.now(), method: request.method, headers, bodyBase64 }]);
  const planned = answers.get(url.href) ?? [{ status: 200 }];
  const answer = (planned.length > 1 ? planned.shift() : planned[0]) ?? { status: 200 };
  const empty = answer.status === 204 || answer.status === 304;
  return new Response(empty ? null : (answer.body ?? ''), {
    status: answer.status,
    headers: { ...answer.headers },
  });
}
