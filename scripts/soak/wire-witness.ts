import type { Writable } from 'node:stream';
import * as ws from 'ws';
import type { WordsSpoken } from '../../domain/call/fact.ts';
import { AgentDownSchema, AgentUpSchema } from '../../protocol/agent.ts';
import { decodeMessage } from '../../protocol/codec.ts';

// The library's own reader of frames; its types leave it out.
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

const HEAD_END = '\r\n\r\n';
const DOOR = /^GET \/ws\/agent\/([^ ?]+)/;

export interface AckedLine {
  readonly callId: string;
  readonly words: WordsSpoken;
  readonly ackedAtMs: number;
}

export interface WatchedConnection {
  fromHost(bytes: Buffer): void;
  fromWorker(bytes: Buffer): void;
}

/**
 * Reads along between agents and their calls' doors: a line whose acknowledgement was seen on the wire must be in the
 * ledger whatever happens to the Worker right after it (LEDGER-1). What agents deliver by POST is not read.
 */
export class WireWitness {
  readonly #acked = new Map<string, AckedLine>();
  /** By observation id: it may be sent on one connection and acknowledged on the next. */
  readonly #sent = new Map<string, { callId: string; words: WordsSpoken }>();
  /** By the agent's own port: tells which process serves which call. */
  readonly #callOfPort = new Map<number, string>();
  observationsSeen = 0;

  get ackedLines(): readonly AckedLine[] {
    return [...this.#acked.values()];
  }

  /** The call whose door the process with this port has, or had, open. */
  callOfPort(port: number): string | null {
    return this.#callOfPort.get(port) ?? null;
  }

  watch(hostPort: number): WatchedConnection {
    let callId: string | null = null;
    this.#callOfPort.delete(hostPort);
    const up = new FrameReader(
      true,
      (head) => {
        callId = DOOR.exec(head)?.[1] ?? null;
        if (callId !== null) this.#callOfPort.set(hostPort, callId);
        return callId !== null;
      },
      (text) => this.#fromAgent(callId ?? '', text),
    );
    const down = new FrameReader(
      false,
      (head) => callId !== null && head.startsWith('HTTP/1.1 101'),
      (text) => this.#fromDoor(text),
    );
    return { fromHost: (bytes) => up.read(bytes), fromWorker: (bytes) => down.read(bytes) };
  }

  #fromAgent(callId: string, text: string): void {
    if (text === 'ping') return;
    const decoded = decodeMessage(AgentUpSchema, text);
    if (!decoded.ok || decoded.message.type !== 'observe') return;
    for (const { id, observation } of decoded.message.observations) {
      this.observationsSeen++;
      if (observation.type === 'wordsSpoken') this.#sent.set(id, { callId, words: observation });
    }
  }

  #fromDoor(text: string): void {
    if (text === 'pong') return;
    const decoded = decodeMessage(AgentDownSchema, text);
    if (!decoded.ok || decoded.message.type !== 'ack') return;
    const sent = this.#sent.get(decoded.message.id);
    if (sent !== undefined && !this.#acked.has(decoded.message.id))
      this.#acked.set(decoded.message.id, { ...sent, ackedAtMs: Date.now() });
  }
}

/** One direction of a connection: an HTTP head, then WebSocket frames if `isSocket` says so. */
class FrameReader {
  readonly #isSocket: (head: string) => boolean;
  readonly #frames: Writable;
  #head = '';
  #state: 'head' | 'frames' | 'ignored' = 'head';

  constructor(masked: boolean, isSocket: (head: string) => boolean, heard: (text: string) => void) {
    this.#isSocket = isSocket;
    this.#frames = new Receiver({ isServer: masked });
    this.#frames.on('message', (data: Buffer) => heard(data.toString('utf8')));
    this.#frames.on('error', () => (this.#state = 'ignored'));
  }

  read(bytes: Buffer): void {
    if (this.#state === 'ignored') return;
    if (this.#state === 'frames') {
      // A copy: the reader unmasks in place, and the bytes are on their way to the Worker.
      this.#frames.write(Buffer.from(bytes));
      return;
    }
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    if (!this.#isSocket(this.#head.slice(0, end))) {
      this.#state = 'ignored';
      return;
    }
    this.#state = 'frames';
    const rest = Buffer.from(this.#head.slice(end + HEAD_END.length), 'latin1');
    if (rest.length > 0) this.#frames.write(rest);
  }
}
