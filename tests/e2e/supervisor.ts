import { randomUUID } from 'node:crypto';
import type { CallEvent } from '../../domain/call/fact.ts';
import type { CallState } from '../../domain/call/state.ts';
import type { Order, SeatKind } from '../../domain/call/supervision.ts';
import { foldCall } from '../../domain/call/apply.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';
import { SeatReplySchema } from '../../protocol/api/supervision.ts';
import { signInCookie } from '../../scripts/stack/sign-in.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { Someone, until } from './someone-in-a-room.ts';

/** A supervisor by way of the API, as the page would be one. */
export class Supervisor {
  readonly #stack: Stack;
  readonly #cookie: string;
  readonly #sitting: Someone[] = [];

  static async signIn(stack: Stack, email = 'supervisor@demo.earshot'): Promise<Supervisor> {
    const person = { email, password: 'earshot-demo' };
    return new Supervisor(stack, await signInCookie(stack.worker.url, stack.webUrl, person));
  }

  private constructor(stack: Stack, cookie: string) {
    this.#stack = stack;
    this.#cookie = cookie;
  }

  /** Asks for a seat and sits down there. */
  async sit(callId: string, seat: SeatKind): Promise<{ identity: string; who: Someone }> {
    const reply = await this.#ask('POST', `/api/calls/${callId}/seats`, { seat });
    if (reply.status !== 201) throw new Error(`no seat: ${reply.status} ${await reply.text()}`);
    const { url, token, identity } = SeatReplySchema.parse(await reply.json());
    const who = new Someone();
    this.#sitting.push(who);
    return { identity, who: await who.join({ url, token }, { speaks: seat !== 'listen' }) };
  }

  async leaveAll(): Promise<void> {
    await Promise.all(this.#sitting.splice(0).map((each) => each.leave()));
  }

  /** Gives an order. @returns its id, and when it was asked for */
  async order(callId: string, order: Order): Promise<{ orderId: string; atMs: number }> {
    const orderId = randomUUID();
    const atMs = Date.now();
    const reply = await this.#ask('POST', `/api/calls/${callId}/orders`, { orderId, order });
    if (reply.status !== 202) throw new Error(`refused: ${reply.status} ${await reply.text()}`);
    return { orderId, atMs };
  }

  async events(callId: string): Promise<CallEvent[]> {
    const reply = await this.#ask('GET', `/api/calls/${callId}/events`);
    const { events } = (await reply.json()) as { events: unknown[] };
    return events.map((each) => CallEventSchema.parse(each));
  }

  /** Waits until the call stands so. */
  async sees(
    callId: string,
    what: string,
    found: (call: CallState, events: readonly CallEvent[]) => boolean,
    withinMs = 30_000,
  ): Promise<{ call: CallState; events: readonly CallEvent[] }> {
    let events: CallEvent[] = [];
    let call: CallState | null = null;
    try {
      await until(
        async () => {
          events = await this.events(callId);
          call = foldCall(events);
          return call !== null && found(call, events);
        },
        withinMs,
        `not seen: ${what}`,
      );
    } catch (error) {
      // The lab's people are nobody: their words may be shown.
      const story = events.map(
        ({ seq, atMs: _atMs, type, ...rest }) => `${seq} ${type} ${JSON.stringify(rest)}`,
      );
      throw new Error(`${String(error)}\n${story.slice(3).join('\n')}`, { cause: error });
    }
    return { call: call as unknown as CallState, events };
  }

  #ask(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.#stack.worker.url}${path}`, {
      method,
      headers: {
        cookie: this.#cookie,
        origin: this.#stack.webUrl,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
