import { WebSocket } from 'ws';
import { PING_EVERY_MS } from '../agent-host/src/call-link.ts';
import type { Observation } from '../domain/call/input.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { pause } from './clock.ts';

/** One agent's open door, as bare as can be: what it sends is not kept, and what is not acknowledged is lost. */
export interface AgentDoor {
  readonly callId: string;
  readonly doorToken: string;
  readonly socket: WebSocket;
  /** Acknowledged, and so durable. */
  acknowledged(): number;
  send(message: object): void;
  /** What was observed in one moment. */
  observe(...observations: readonly Observation[]): void;
  close(): void;
}

const SESSION = 'bench';
let observed = 0;

/** Opens the door of a call as its agent host would, and pings like it: a silent agent loses its call after 5 s. */
export async function openAgentDoor(
  socketUrl: string,
  callId: string,
  doorToken: string,
): Promise<AgentDoor> {
  const url = `${socketUrl}/ws/agent/${callId}`;
  const socket = await untilWelcome(url, doorToken);
  let acknowledged = 0;
  socket.on('message', (raw: Buffer) => {
    if (raw.includes('"ack"')) acknowledged++;
  });
  const pings = setInterval(() => socket.send('ping'), PING_EVERY_MS);
  socket.on('close', () => clearInterval(pings));
  // A restart of the Worker resets it.
  socket.on('error', () => undefined);
  const send = (message: object): void => socket.send(JSON.stringify(message));
  return {
    callId,
    doorToken,
    socket,
    acknowledged: () => acknowledged,
    send,
    observe(...observations) {
      send({
        type: 'observe',
        observations: observations.map((observation) => ({ id: `o${++observed}`, observation })),
      });
    },
    close: () => socket.terminate(),
  };
}

/** An open socket without compression, as browsers have on the loopback. */
export function connect(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** The offer is written a moment after the call: an agent that knocks too early is asked to come again. */
async function untilWelcome(url: string, doorToken: string): Promise<WebSocket> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = await connect(url, { authorization: `Bearer ${doorToken}` });
    const answer = new Promise<string>((resolve) =>
      socket.once('message', (raw) => resolve((JSON.parse(String(raw)) as { type: string }).type)),
    );
    const identity = 'agent-bench';
    const hello = { protocol: PROTOCOL_VERSION, session: SESSION, identity, clockMs: Date.now() };
    socket.send(JSON.stringify({ type: 'hello', ...hello }));
    if ((await answer) === 'welcome') return socket;
    socket.close();
    await pause(20);
  }
  throw new Error('the call was never offered');
}
