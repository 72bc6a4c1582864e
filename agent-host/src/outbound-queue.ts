import type { Observation } from '../../domain/call/input.ts';
import type { Observed } from '../../protocol/agent.ts';

/** Measurements are refused beyond this many unacknowledged observations. What was said or done never is. */
export const MAX_UNACKNOWLEDGED = 1_000;
/** With this many unacknowledged the link is behind: interims would only delay what must arrive. */
export const INTERIM_LIMIT = 50;

/**
 * What is owed to a call's ledger, in order, until each entry is acknowledged (LEDGER-1). No socket, no clock, no
 * randomness: `takeUnsent` says what to send on the connection there is, `connectionLost` makes everything that is
 * still owed unsent again.
 */
export class OutboundQueue {
  readonly #newId: () => string;
  /** In the order they were accepted; the first `#sent` of them went out on this connection. */
  readonly #owed: Observed[] = [];
  #sent = 0;
  #refusedMeasurements = 0;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** Its id, or null when the queue is full and the observation is a measurement: then it is lost, and counted. */
  add(observation: Observation): string | null {
    if (this.#owed.length >= MAX_UNACKNOWLEDGED && isMeasurement(observation)) {
      this.#refusedMeasurements++;
      return null;
    }
    const id = this.#newId();
    this.#owed.push({ id, observation });
    return id;
  }

  /** What was not sent on this connection yet, in order. It counts as sent from now on. */
  takeUnsent(): readonly Observed[] {
    const unsent = this.#owed.slice(this.#sent);
    this.#sent = this.#owed.length;
    return unsent;
  }

  /** Nobody knows how much of what was sent arrived: all that is owed is sent again, in the same order. */
  connectionLost(): void {
    this.#sent = 0;
  }

  /** The other side has it, or has refused it for good. False when it is owed no more: acknowledgements repeat. */
  settle(id: string): boolean {
    const index = this.#owed.findIndex((entry) => entry.id === id);
    if (index === -1) return false;
    this.#owed.splice(index, 1);
    if (index < this.#sent) this.#sent--;
    return true;
  }

  /** The oldest entries that are owed, for the door without a socket. */
  oldest(count: number): readonly Observed[] {
    return this.#owed.slice(0, count);
  }

  get owed(): number {
    return this.#owed.length;
  }

  /** True while interims may be sent beside what is owed. */
  get hasRoomForInterims(): boolean {
    return this.#owed.length < INTERIM_LIMIT;
  }

  /** Measurements lost because the queue was full. */
  get refusedMeasurements(): number {
    return this.#refusedMeasurements;
  }
}

export function isMeasurement(observation: Observation): boolean {
  return observation.type === 'turnMeasured' || observation.type === 'usageReported';
}
