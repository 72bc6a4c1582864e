import type { CallState } from '../../domain/call/state.ts';
import type { Placed } from '../place-dial.ts';

/** Every way to dial, as a call sees it: the order in its request says which. */
export interface Telephony {
  /**
   * Asks the carrier to ring the customer. It resolves when the carrier took or refused it, not when it is answered.
   * @throws Error when it is not known what became of it: `find` is asked then
   */
  place(call: CallState): Promise<Placed>;
  /** What became of a dial that was, or may have been, asked for. Never rings anyone. */
  find(call: CallState): Promise<Placed>;
  /**
   * Stops the ringing, or ends the carrier's side of the call. Safe to repeat; a call that is over is no failure.
   * `reference`: the carrier's name for it, where the ledger does not have it.
   */
  hangUp(call: CallState, reference?: string): Promise<void>;
}
