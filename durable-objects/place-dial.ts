import type { CallInput } from '../domain/call/input.ts';
import type { Delivery, Sender } from './deliver-effect.ts';

const done: Delivery = { status: 'done' };
/** No request to a carrier takes longer; each client's own time-out is shorter. */
const ON_ITS_WAY_MS = 12_000;
const LOOKED_FOR_EVERY_MS = 2_000;

/**
 * Rings the customer. That it may be ringing is written before the carrier is asked; the runtime holds the request back
 * until that is durable. So whoever finds it written never asks again, but looks for what became of it: a crash in between
 * costs an attempt, not a second ringing (DIAL-3). Before, a last look: what allowed it may be over (DIAL-9).
 */
export async function placeDial({ outside, call, nowMs, report }: Sender): Promise<Delivery> {
  const { request, dial } = call();
  if (request.dial === undefined || dial === undefined) return done;
  const again = dial.startedAtMs !== null;
  if (!again) {
    const look = await outside.lastLook(request.callId);
    if (look.kind === 'wait') return { status: 'again', afterMs: look.afterMs };
    if (look.kind === 'refused') {
      report({ type: 'withdrawDial', reason: look.because });
      return done;
    }
    if (!report({ type: 'startDial' })) return done;
  }
  const placed = again ? await outside.telephony.find(call()) : await outside.telephony.place(call());
  // What an object asked for that is no more may still be on its way: who took "lost" for an answer would let it ring for nobody.
  if (again && placed.kind === 'lost' && nowMs() < dial.startedAtMs + ON_ITS_WAY_MS)
    return { status: 'again', afterMs: LOOKED_FOR_EVERY_MS };
  // It ended while the carrier was being asked: its own hanging up may have come before there was anything to hang up.
  if (call().end !== null && placed.kind === 'placed') {
    await outside.telephony.hangUp(call(), placed.reference);
    return done;
  }
  for (const news of whatItMeans(placed)) report(news);
  return done;
}

/** What came of asking a carrier. `lost`: it knows nothing of the call. */
export type Placed =
  | { readonly kind: 'placed'; readonly reference: string }
  | { readonly kind: 'failed'; readonly failure: DialFailed['failure']; readonly cause: string }
  | { readonly kind: 'lost' };
type DialFailed = Extract<CallInput, { type: 'dialFailed' }>;

function whatItMeans(placed: Placed): readonly CallInput[] {
  switch (placed.kind) {
    case 'placed':
      return [{ type: 'dialPlaced', reference: placed.reference }];
    case 'failed':
      return [{ type: 'dialFailed', failure: placed.failure, cause: placed.cause }];
    case 'lost':
      return [{ type: 'dialFailed', failure: 'carrierFailed', cause: 'lost' }];
  }
}
