/**
 * The offline world's speech services: an OpenAI-compatible server that hears, answers and speaks the lab's
 * own lines with nothing but this machine. Every call sounds and reads like a real one; no key is needed.
 *
 * Development only: it carries the GPL voice. `node agent-host/lab/server.ts` runs it on `LAB_PORT`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { WebSocketServer } from 'ws';
import { ApiError, apiErrorBody, sendApiError } from './api-error.ts';
import { completeChat } from './chat-completions.ts';
import { faultChangeSchema, noFaults, type Service } from './faults.ts';
import { transcribeFile } from './file-transcription.ts';
import { CUSTOMER_LINES } from './phrases.ts';
import { serveRealtimeTranscription } from './realtime-transcription.ts';
import { Recogniser } from './recogniser.ts';
import { readJson } from './request-body.ts';
import { synthesiseSpeech } from './speech-synthesis.ts';
import { CUSTOMER_VOICES } from './voice.ts';

export const LAB_DEFAULT_PORT = 8790;

const MODELS = ['lab-stt', 'lab-llm', 'lab-tts'];
/** A second of sound in base64 is 64 kB: room for a client that sends a minute at once. */
const MAX_EVENT_BYTES = 4 * 1024 * 1024;

export interface LabServer {
  /** With `/v1` behind it, the base URL for an OpenAI client. */
  readonly url: string;
  readonly port: number;
  /** Ends every connection, also those that hang. */
  close(): Promise<void>;
}

export interface LabServerOptions {
  /** Default `127.0.0.1`: the lab has no authentication. */
  readonly host?: string;
  /** 0 takes any free port. Default {@link LAB_DEFAULT_PORT}. */
  readonly port?: number;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/**
 * Starts the server; ready when it resolves. The recogniser learns the lab's lines once a process, which
 * takes about five seconds of one core.
 *
 * @throws the listening error (`EADDRINUSE`, `EACCES`, …)
 */
export async function startLabServer({
  host = '127.0.0.1',
  port = LAB_DEFAULT_PORT,
}: LabServerOptions = {}): Promise<LabServer> {
  const faults = noFaults();
  const counters = { requests: 0, errors: 0, realtimeSessions: 0 };
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_EVENT_BYTES });
  /** Upgraded connections belong to nobody but us: the HTTP server does not close them. */
  const hanging = new Set<Duplex>();
  const learning = learnLines();

  const routes: Readonly<Record<string, { service?: Service; handle: Handler }>> = {
    'GET /health': { handle: (_, response) => sendJson(response, { ok: true, ...counters }) },
    'GET /v1/models': { handle: (_, response) => sendJson(response, modelList()) },
    'GET /lab/faults': { handle: (_, response) => sendJson(response, faults) },
    'POST /lab/faults': {
      handle: async (request, response) => {
        sendJson(response, Object.assign(faults, await readJson(request, faultChangeSchema)));
      },
    },
    'POST /v1/audio/transcriptions': {
      service: 'stt',
      handle: async (request, response) => transcribeFile(request, response, await learning),
    },
    'POST /v1/chat/completions': { service: 'llm', handle: completeChat },
    'POST /v1/audio/speech': { service: 'tts', handle: synthesiseSpeech },
  };

  const server = createServer((request, response) => {
    counters.requests++;
    answer(request, response).catch((error: unknown) => {
      counters.errors++;
      if (!(error instanceof ApiError)) console.error('lab server: a request failed', failureKind(error));
      sendApiError(response, error);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const route = routes[`${request.method} ${path}`];
    if (!route) throw new ApiError(404, 'The lab has no such endpoint.', 'unknown_url');
    const fault = route.service ? faults[route.service] : 'ok';
    if (fault === 'hang') return;
    if (fault === 'fail') throw new ApiError(500, 'The lab was told to fail this service.', 'lab_fault');
    await route.handle(request, response);
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (pathOf(request) !== '/v1/realtime')
      return socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
    if (faults.stt === 'hang') {
      hanging.add(socket);
      return;
    }
    if (faults.stt === 'fail') {
      counters.errors++;
      const body = JSON.stringify(
        apiErrorBody(new ApiError(500, 'The lab was told to fail this service.', 'lab_fault')).body,
      );
      return socket.end(
        `HTTP/1.1 500 Internal Server Error\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      counters.realtimeSessions++;
      void learning.then((recogniser) => {
        serveRealtimeTranscription(webSocket, recogniser, faults, () => counters.errors++);
      });
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  try {
    await learning;
  } catch (error) {
    server.close();
    throw error;
  }
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        for (const socket of hanging) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

let lines: Promise<Recogniser> | undefined;

/** The recogniser of this process: several servers share it, because it never changes. */
function learnLines(): Promise<Recogniser> {
  lines ??= Recogniser.create(CUSTOMER_LINES, Object.values(CUSTOMER_VOICES));
  return lines;
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0]!;
}

function modelList() {
  return { object: 'list', data: MODELS.map((id) => ({ id, object: 'model', created: 0, owned_by: 'lab' })) };
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Not the message: it may quote what was said. */
function failureKind(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = await startLabServer({
    host: process.env.LAB_HOST ?? '127.0.0.1',
    port: Number(process.env.LAB_PORT ?? LAB_DEFAULT_PORT),
  });
  console.log(`lab speech services on ${server.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
}
