import { randomUUID } from 'node:crypto';
import { applyCallEvent } from '../../../domain/call/apply.ts';
import { decide } from '../../../domain/call/decide.ts';
import type { CallEvent } from '../../../domain/call/fact.ts';
import type { CallInput, Observation } from '../../../domain/call/input.ts';
import type { CallState } from '../../../domain/call/state.ts';
import type { Observer } from '../observe.ts';

const SESSION = 'rehearsal';

/** A call's ledger without its object: for scenarios that are tried from the repository, with the same rules. */
export class InMemoryCall implements Observer {
  readonly events: CallEvent[] = [];
  #call: CallState | null = null;

  constructor(profile: string, contactName: string | null) {
    const callId = randomUUID();
    this.#take({
      type: 'requestCall',
      ...{ callId, epoch: callId, room: callId, profile, channel: 'lab', media: 'silent' },
      ...{ contact: { name: contactName }, requestedBy: 'scenario' },
    });
    this.#take({ type: 'agentChosen', hostId: 'here', agentName: 'here' });
    const hello = { offer: 1, session: SESSION, hostId: 'here', identity: 'agent-1' };
    this.#take({ type: 'agentHello', ...hello, agentClockMs: Date.now() });
  }

  get call(): CallState {
    if (this.#call === null) throw new Error('a call is requested as it is made');
    return this.#call;
  }

  observe(observation: Observation): void {
    this.#take({ type: 'observe', session: SESSION, observation });
  }

  interim(): void {
    // Nobody watches.
  }

  activity(): void {
    // Nobody watches.
  }

  #take(input: CallInput): void {
    const nowMs = Date.now();
    const decision = decide(this.#call, input, nowMs);
    if (!decision.ok) return;
    for (const fact of decision.facts) {
      const event: CallEvent = { ...fact, seq: this.events.length + 1, atMs: nowMs };
      this.events.push(event);
      this.#call = applyCallEvent(this.#call, event);
    }
  }
}
