/**
 * The lab's telephone exchange over HTTP. Development only.
 *
 * `node agent-host/lab/telephone/server.ts` with LAB_PHONE_PORT, WORKER_URL and LAB_KEY.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import type { LabOrder, LabStatus } from '../../../protocol/lab-phone.ts';
import { LabInboundReplySchema, LabOrderSchema } from '../../../protocol/lab-phone.ts';
import { E164Schema } from '../../../protocol/dial.ts';
import { ApiError, sendApiError } from '../api-error.ts';
import { runScriptedCall } from '../caller.ts';
import { readBytes } from '../request-body.ts';
import { BEHAVIOURS } from '../scenarios.ts';
import { ExchangeOffice } from './office.ts';
import { seedOf } from './people.ts';

const TELL_WITHIN_MS = 5_000;
/** A worker that restarts is back within these. */
const TELL_AGAIN_MS = [200, 1_000, 3_000, 8_000];

/** `POST /inbound`: somebody in the lab calls one of our lines. */
const InboundSchema = z.object({
  attempt: z.string(),
  from: z.nullable(E164Schema),
  to: E164Schema,
  behaviour: z.enum(BEHAVIOURS),
});

export interface LabTelephone {
  readonly url: string;
  readonly office: ExchangeOffice;
  close(): Promise<void>;
}

export async function startLabTelephone(options: {
  readonly port: number;
  readonly workerUrl: string;
  readonly labKey: string;
}): Promise<LabTelephone> {
  const closing = new AbortController();
  const office = new ExchangeOffice({ talk: runScriptedCall, tell: (order, status) => tell(order, status) });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, first = '', callId = ''] = (request.url ?? '/').split('?', 1)[0]!.split('/');
    switch (`${request.method} /${first}`) {
      case 'GET /health':
        return send(response, 200, { ok: true });
      case 'GET /attempts':
        return send(response, 200, Object.fromEntries(office.attempts));
      case 'POST /calls':
        return send(response, 200, office.order(await bodyOf(request, LabOrderSchema)));
      case 'GET /calls':
        return send(response, ...found(office.find(callId)));
      case 'DELETE /calls':
        return send(response, ...found(office.hangUp(callId)));
      case 'POST /inbound':
        return send(response, ...(await inbound(request)));
      default:
        throw new ApiError(404, 'The exchange has no such endpoint.', 'unknown_url');
    }
  }

  async function inbound(request: IncomingMessage): Promise<[number, object]> {
    const { behaviour, ...asked } = await bodyOf(request, InboundSchema);
    const reply = await fetch(`${options.workerUrl}/api/lab/phone/inbound`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${options.labKey}` },
      body: JSON.stringify(asked),
      signal: AbortSignal.timeout(TELL_WITHIN_MS),
    });
    const body: unknown = await reply.json();
    if (!reply.ok) return [reply.status, body as object];
    const { callId, join } = LabInboundReplySchema.parse(body);
    office
      .talkIn(join, behaviour, seedOf(asked.from ?? '000000'), closing.signal)
      .catch((error: unknown) => console.error('lab telephone: an inbound call failed', kindOf(error)));
    return [202, { callId }];
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!(error instanceof ApiError)) console.error('lab telephone: a request failed', kindOf(error));
      sendApiError(response, error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    office,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        office.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** News may come late or twice: who hears it knows by the call what is old. */
async function tell({ callId, callback }: LabOrder, status: LabStatus): Promise<void> {
  for (const waitMs of [0, ...TELL_AGAIN_MS]) {
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    try {
      const response = await fetch(callback.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${callback.token}` },
        body: JSON.stringify({ callId, status }),
        signal: AbortSignal.timeout(TELL_WITHIN_MS),
      });
      await response.body?.cancel();
      if (response.status < 500) return;
    } catch {
      // Not there: tried again.
    }
  }
  console.error(`lab telephone: nobody took the news "${status}"`);
}

async function bodyOf<T>(request: IncomingMessage, schema: { parse(value: unknown): T }): Promise<T> {
  try {
    return schema.parse(JSON.parse((await readBytes(request)).toString('utf8')));
  } catch {
    throw new ApiError(400, 'The body is not what this endpoint takes.', 'invalid_request');
  }
}

const found = (call: object | null): [number, object] =>
  call === null ? [404, { error: 'unknown' }] : [200, call];

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Not the message: it may quote a number. */
const kindOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const telephone = await startLabTelephone({
    port: Number(process.env.LAB_PHONE_PORT ?? 8791),
    workerUrl: process.env.WORKER_URL ?? 'http://127.0.0.1:8787',
    labKey: process.env.LAB_KEY ?? '',
  });
  console.log(`lab telephone exchange on ${telephone.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // Leaving a room can hang on a dead server.
      setTimeout(() => process.exit(0), 2_800).unref();
      void telephone.close().then(() => process.exit(0));
    });
  }
}
