import type { Effect } from '../domain/call/effects.ts';
import { EGRESS_LOOK_MS } from '../domain/call/egress.ts';
import { RECORDING_STORE_MS } from '../domain/call/recordings.ts';
import type { CallState } from '../domain/call/state.ts';
import type { Delivery, Sender } from './deliver-effect.ts';

type EgressEffect = Extract<Effect, { type: 'startEgress' | 'stopEgress' | 'watchEgress' }>;

/** What a call owes LiveKit's Egress service. Throws when it failed. */
export async function deliverToEgress(effect: EgressEffect, sender: Sender): Promise<Delivery> {
  const { outside, call, report, nowMs } = sender;
  const { egress } = outside;
  if (egress === null) throw new Error('no Egress service is configured');
  const { callId } = call().request;
  switch (effect.type) {
    case 'startEgress': {
      if (call().end !== null) return { status: 'done' };
      const { room, recordingId, orderId } = effect;
      await egress.start(callId, room, recordingId);
      report({ type: 'egressStarted', recordingId, orderId });
      return { status: 'done' };
    }
    case 'stopEgress': {
      const { room, recordingId, orderId } = effect;
      const isOver =
        call().recordings?.find((each) => each.recordingId === recordingId)?.phase !== 'recording';
      if (!isOver) await egress.stop(callId, room, recordingId);
      report({ type: 'egressStopped', recordingId, orderId });
      return { status: 'done' };
    }
    case 'watchEgress': {
      const sinceMs = nowMs() - (call().end?.atMs ?? nowMs());
      // Its webhooks come by themselves; who waited long enough asks.
      if (sinceMs < EGRESS_LOOK_MS) return { status: 'again', afterMs: EGRESS_LOOK_MS };
      if (isOpen(call())) await egress.settle(call(), report);
      return isOpen(call()) && sinceMs <= RECORDING_STORE_MS
        ? { status: 'again', afterMs: Math.max(EGRESS_LOOK_MS, sinceMs / 2) }
        : { status: 'done' };
    }
  }
}

/** A recording of it is neither stored nor failed. */
const isOpen = ({ recordings = [], erased }: CallState): boolean =>
  erased?.words !== true && recordings.some(({ phase }) => phase !== 'stored' && phase !== 'failed');
