import type { Outcome } from '../call/fact.ts';
import type { CallState } from '../call/state.ts';

/** What a call that has ended means to its lead and to its slot (DIAL-5). */
export interface Settlement {
  readonly callId: string;
  /** Whose slot it held: a chain of decisions. Null: nobody was dialled; the lead called us. */
  readonly chain: string | null;
  readonly leadId: string | null;
  readonly campaignId: string | null;
  readonly outcome: Outcome;
  readonly endedAtMs: number;
  /** When somebody, or a machine, was first there; null when nobody was. */
  readonly answeredAtMs: number | null;
  /** Their telephone may have rung. */
  readonly rung: boolean;
  readonly doNotCall: boolean;
  /** When the customer asked to be called; null unless asked. */
  readonly callBackForAtMs: number | null;
  /**
   * Only its dialer thinks so, which found no call: it says nothing once the call, come late, was let ring (DIAL-8).
   */
  readonly unlessLetRing?: true;
}

/** Null while the call goes on, and where it is about nobody's lead. */
export function settlementOf(call: CallState): Settlement | null {
  const { end, request, dial, customer } = call;
  if (end === null || (request.dial === undefined && request.lead === undefined)) return null;
  return {
    callId: request.callId,
    chain: request.dial?.decision.chain ?? null,
    leadId: request.lead?.leadId ?? null,
    campaignId: request.lead?.campaignId ?? null,
    outcome: end.outcome,
    endedAtMs: end.atMs,
    answeredAtMs: call.answeredAtMs ?? customer?.joinedAtMs ?? null,
    rung: dial !== undefined && dial.startedAtMs !== null,
    doNotCall: call.doNotCall === true,
    callBackForAtMs: call.callBackForAtMs ?? null,
  };
}
