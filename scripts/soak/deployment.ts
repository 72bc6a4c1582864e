import { WebSocket } from 'ws';
import type { CallEvent } from '../../domain/call/fact.ts';
import type { Seats } from '../../protocol/board.ts';
import { BoardDownSchema } from '../../protocol/board.ts';
import { CallListSchema, EventsReplySchema } from '../../protocol/api/calls.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { demoLogins } from '../stack/demo-logins.ts';
import type { Stack } from '../stack/stack.ts';
import { signInCookie } from '../stack/sign-in.ts';

const ANSWER_WITHIN_MS = 10_000;

/** What a signed-in supervisor is told by the running product. */
export class Deployment {
  readonly #url: string;
  readonly #cookie: string;

  private constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  /** The session outlives restarts of the Worker: it is in D1. */
  static async signIn(stack: Stack): Promise<Deployment> {
    const login = demoLogins.find((each) => each.role === 'supervisor') ?? demoLogins[0];
    return new Deployment(stack.worker.url, await signInCookie(stack.worker.url, stack.webUrl, login));
  }

  /** The whole ledger, page by page. */
  async ledger(callId: string): Promise<CallEvent[]> {
    const found: CallEvent[] = [];
    for (;;) {
      const page = EventsReplySchema.parse(
        await this.#get(`/api/calls/${callId}/events?since=${found.length}`),
      );
      found.push(...page.events);
      if (found.length >= page.head || page.events.length === 0) return found;
    }
  }

  /** Keys of the effects that were given up. */
  async parkedEffects(callId: string): Promise<string[]> {
    const { parked } = (await this.#get(`/api/calls/${callId}/effects`)) as { parked: { key: string }[] };
    return parked.map(({ key }) => key);
  }

  async liveCalls(): Promise<string[]> {
    return CallListSchema.parse(await this.#get('/api/calls?status=live')).calls.map((call) => call.callId);
  }

  /** As the board shows them. */
  seats(): Promise<Seats> {
    const socket = new WebSocket(`${this.#url.replace(/^http/, 'ws')}/ws/board?v=${PROTOCOL_VERSION}`, {
      headers: { cookie: this.#cookie },
      handshakeTimeout: ANSWER_WITHIN_MS,
    });
    return new Promise<Seats>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the board closed without a word')));
      socket.once('message', (data: Buffer) => {
        resolve(BoardDownSchema.parse(JSON.parse(data.toString('utf8'))).seats);
        socket.close();
      });
    });
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      headers: { cookie: this.#cookie },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!response.ok) throw new Error(`${path}: the Worker answered ${response.status}`);
    return response.json();
  }
}
