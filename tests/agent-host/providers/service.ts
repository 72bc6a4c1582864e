import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Service {
  /** `http://127.0.0.1:…`, without a slash. */
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

export interface ServiceOptions {
  http?(asked: Asked, response: ServerResponse): void;
  /** `text` is called with each text message, decoded; `bytes` with each binary one. */
  socket?(asked: Asked, socket: WebSocket): Taker;
}
export interface Taker {
  text?(message: Record<string, unknown>, raw: string): void;
  bytes?(message: Buffer): void;
}

/** A real server on a free port that speaks as a service's documentation says. */
export async function startService({ http, socket }: ServiceOptions): Promise<Service> {
  const asked: Asked[] = [];
  const take = (request: IncomingMessage, body: Buffer): Asked => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const one = { method: request.method ?? '', url, headers: request.headers, body };
    asked.push(one);
    return one;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = take(request, Buffer.concat(chunks));
      if (http === undefined) response.writeHead(404).end();
      else http(one, response);
    });
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, raw, head) => {
    const one = take(request, Buffer.alloc(0));
    if (socket === undefined) return raw.destroy();
    sockets.handleUpgrade(request, raw, head, (each) => {
      const taker = socket(one, each);
      each.on('message', (data: Buffer, isBinary) => {
        if (isBinary) taker.bytes?.(data);
        else taker.text?.(asJson(data.toString()), data.toString());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        for (const each of sockets.clients) each.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function asJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export const sendJson = (response: ServerResponse, body: object): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** 100 ms of 16-bit sound of one level. */
export const sound = (rateHz = 24_000, level = 1_000): Buffer =>
  Buffer.from(new Int16Array(rateHz / 10).fill(level).buffer);
