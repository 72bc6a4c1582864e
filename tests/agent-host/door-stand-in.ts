import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { profileDefaults } from '../../domain/profile/defaults.ts';
import type { AgentUp, Observed } from '../../protocol/agent.ts';

/** The Worker's agent door as far as the agent sees it, on a real socket that can be told to misbehave. */
export interface DoorStandIn {
  readonly url: string;
  /** Ids in the order they first arrived, durable across its own restarts. */
  readonly ledger: string[];
  /** Every observation id that ever arrived, repeats included. */
  readonly arrivals: string[];
  readonly hellos: { readonly session: string; readonly authorization: string | undefined }[];
  /** Ids of utterances in the order their words first arrived. */
  readonly utterances: string[];
  readonly interims: string[];
  /** How many observations each message brought. */
  readonly messages: number[];
  readonly posts: number[];
  pings: number;
  /** What is done with a hello: undefined welcomes. */
  refuseHello: (() => { readonly code: string; readonly close: number } | undefined) | undefined;
  refuseObservation: ((id: string) => string | undefined) | undefined;
  /** Welcomes with `ended`. */
  ended: boolean;
  /** Cuts the connection instead of acknowledging, so many times. */
  cutBeforeAck: number;
  answersPings: boolean;
  /** Upgrades are answered with this HTTP status instead. */
  upgradeStatus: number | null;
  say(message: object): void;
  cut(): void;
  close(): Promise<void>;
}

export async function startDoor(port = 0, ledger: string[] = []): Promise<DoorStandIn> {
  const sockets = new Set<WebSocket>();
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const batch = JSON.parse(Buffer.concat(chunks).toString()) as { observations: Observed[] };
      door.posts.push(batch.observations.length);
      for (const each of batch.observations) take(each);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ results: batch.observations.map(({ id }) => ({ type: 'ack', id })) }));
    });
  });
  const take = ({ id, observation }: Observed): void => {
    door.arrivals.push(id);
    if (ledger.includes(id)) return;
    ledger.push(id);
    if (observation.type === 'wordsSpoken') door.utterances.push(observation.utteranceId);
  };
  const server = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    if (door.upgradeStatus !== null) {
      socket.end(`HTTP/1.1 ${door.upgradeStatus} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    server.handleUpgrade(request, socket, head, (ws) => {
      sockets.add(ws);
      ws.on('close', () => sockets.delete(ws));
      ws.on('message', (data) => heard(ws, String(data as Buffer), request.headers.authorization));
    });
  });
  const heard = (ws: WebSocket, text: string, authorization: string | undefined): void => {
    // What was on the wire when the connection was cut never arrives.
    if (ws.readyState !== ws.OPEN) return;
    if (text === 'ping') {
      door.pings++;
      if (door.answersPings) ws.send('pong');
      return;
    }
    const message = JSON.parse(text) as AgentUp;
    if (message.type === 'hello') {
      door.hellos.push({ session: message.session, authorization });
      const refusal = door.refuseHello?.();
      if (refusal === undefined) {
        ws.send(JSON.stringify(welcome(door.ended)));
      } else {
        ws.send(JSON.stringify({ type: 'refused', code: refusal.code, message: '' }));
        ws.close(refusal.close);
      }
    } else if (message.type === 'interim') {
      door.interims.push(message.interim.text);
    } else if (message.type === 'observe') {
      door.messages.push(message.observations.length);
      for (const each of message.observations) hearOne(ws, each);
    }
  };
  const hearOne = (ws: WebSocket, observed: Observed): void => {
    if (ws.readyState !== ws.OPEN) return;
    const refused = door.refuseObservation?.(observed.id);
    if (refused !== undefined) {
      door.arrivals.push(observed.id);
      ws.send(JSON.stringify({ type: 'refused', code: refused, message: '', id: observed.id }));
      return;
    }
    if (door.cutBeforeAck > 0) {
      door.cutBeforeAck--;
      ws.terminate();
      return;
    }
    take(observed);
    ws.send(JSON.stringify({ type: 'ack', id: observed.id }));
  };
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const door: DoorStandIn = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    ledger,
    arrivals: [],
    hellos: [],
    utterances: [],
    interims: [],
    messages: [],
    posts: [],
    pings: 0,
    refuseHello: undefined,
    refuseObservation: undefined,
    ended: false,
    cutBeforeAck: 0,
    answersPings: true,
    upgradeStatus: null,
    say: (message) => sockets.forEach((ws) => ws.send(JSON.stringify(message))),
    cut: () => sockets.forEach((ws) => ws.terminate()),
    close: async () => {
      sockets.forEach((ws) => ws.terminate());
      server.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return door;
}

const welcome = (ended: boolean) => ({
  type: 'welcome',
  protocol: 1,
  callId: 'call1',
  profile: {
    ...profileDefaults,
    slug: 'auto-sales',
    title: 'Cars',
    greeting: 'Hello!',
    instructions: 'Sell cars.',
    language: 'en-US',
  },
  contact: { name: null },
  history: [],
  successor: false,
  ended,
});
