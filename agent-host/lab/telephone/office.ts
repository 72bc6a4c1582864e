import type { LabCall, LabOrder, LabStatus } from '../../../protocol/lab-phone.ts';
import type { Behaviour } from '../scenarios.ts';
import type { CallerReport, ScriptedCall } from '../scripted-call.ts';
import { reactionOf, seedOf } from './people.ts';

/** From the order to the first ring. */
const CONNECTS_MS = 150;
/** Sound of more at a time would stutter in one process. */
const TALKING_AT_ONCE = 8;
/** A finished call is remembered for who asks again. */
const REMEMBERED = 2_000;

export interface OfficeOptions {
  readonly talk: (call: ScriptedCall) => Promise<CallerReport>;
  /** Tells whoever ordered the call; must not throw. */
  readonly tell: (order: LabOrder, status: LabStatus) => Promise<void>;
}

interface Line {
  readonly order: LabOrder;
  status: LabStatus;
  readonly hungUp: AbortController;
}

const over: ReadonlySet<LabStatus> = new Set([
  'completed',
  'busy',
  'noAnswer',
  'declined',
  'invalidNumber',
  'failed',
]);

/**
 * The lab's telephone exchange: rings simulated people, who answer, or do not, as their number says. A call is known by the id of
 * who ordered it: ordered again, it stands as it stands and nobody is rung twice.
 */
export class ExchangeOffice {
  readonly #options: OfficeOptions;
  readonly #calls = new Map<string, Line>();
  readonly #attempts = new Map<string, number>();
  #talking = 0;

  constructor(options: OfficeOptions) {
    this.#options = options;
  }

  /** Times each number was rung, for who wants to know whether somebody was rung twice. */
  get attempts(): ReadonlyMap<string, number> {
    return this.#attempts;
  }

  order(order: LabOrder): LabCall {
    const known = this.#calls.get(order.callId);
    if (known !== undefined) return stateOf(known);
    const line: Line = { order, status: 'ringing', hungUp: new AbortController() };
    this.#calls.set(order.callId, line);
    this.#forgetOldest();
    const attempt = (this.#attempts.get(order.to) ?? 0) + 1;
    this.#attempts.set(order.to, attempt);
    void this.#ring(line, attempt);
    return stateOf(line);
  }

  find(callId: string): LabCall | null {
    const line = this.#calls.get(callId);
    return line === undefined ? null : stateOf(line);
  }

  /** @returns how it then stands; null for a call it does not know */
  hangUp(callId: string): LabCall | null {
    const line = this.#calls.get(callId);
    if (line === undefined) return null;
    line.hungUp.abort();
    if (!over.has(line.status)) line.status = line.status === 'answered' ? 'completed' : 'noAnswer';
    return stateOf(line);
  }

  /** Somebody in the lab calls us: they are in `join`'s room and do what they do. Resolves when they have hung up. */
  async talkIn(join: LabOrder['join'], as: Behaviour, seed: number, signal: AbortSignal): Promise<void> {
    this.#talking++;
    try {
      await this.#options.talk({ url: join.url, token: join.token, behaviour: as, seed, signal });
    } finally {
      this.#talking--;
    }
  }

  close(): void {
    for (const line of this.#calls.values()) line.hungUp.abort();
  }

  async #ring(line: Line, attempt: number): Promise<void> {
    const { order } = line;
    const reaction = reactionOf(order.to, attempt);
    const stopsMs = Date.now() + order.ringMs;
    await this.#pause(line, CONNECTS_MS);
    if (reaction.kind === 'invalidNumber' || reaction.kind === 'failed')
      return this.#turn(line, reaction.kind);
    if (line.hungUp.signal.aborted) return;
    void this.#options.tell(order, 'ringing');
    if (reaction.kind === 'noAnswer') return this.#ringsOut(line, stopsMs);
    await this.#pause(line, Math.min(reaction.afterMs, order.ringMs));
    if (reaction.kind !== 'answers') return this.#turn(line, reaction.kind);
    // Everybody who can talk is talking: it rings on.
    while (this.#talking >= TALKING_AT_ONCE && Date.now() < stopsMs && !line.hungUp.signal.aborted)
      await this.#pause(line, 100);
    if (Date.now() >= stopsMs) return this.#turn(line, 'noAnswer');
    await this.#answer(line, reaction.as);
  }

  async #ringsOut(line: Line, stopsMs: number): Promise<void> {
    await this.#pause(line, Math.max(0, stopsMs - Date.now()));
    await this.#turn(line, 'noAnswer');
  }

  async #answer(line: Line, as: Behaviour): Promise<void> {
    await this.#turn(line, 'answered');
    if (line.hungUp.signal.aborted) return;
    try {
      await this.talkIn(line.order.join, as, seedOf(line.order.to), line.hungUp.signal);
    } catch (error) {
      console.error(`lab telephone: a call failed (${error instanceof Error ? error.name : typeof error})`);
    }
    await this.#turn(line, 'completed');
  }

  async #turn(line: Line, status: LabStatus): Promise<void> {
    if (over.has(line.status) || line.hungUp.signal.aborted) return;
    line.status = status;
    await this.#options.tell(line.order, status);
  }

  /** Ends early when the caller hangs up. */
  #pause(line: Line, ms: number): Promise<void> {
    const { signal } = line.hungUp;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #forgetOldest(): void {
    if (this.#calls.size <= REMEMBERED) return;
    for (const [callId, line] of this.#calls) {
      if (!over.has(line.status)) continue;
      this.#calls.delete(callId);
      return;
    }
  }
}

const stateOf = ({ order, status }: Line): LabCall => ({ callId: order.callId, status });
