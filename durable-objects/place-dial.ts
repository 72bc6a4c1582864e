import type { CallInput } from '../domain/call/input.ts';
import type { Delivery, Sender } from './deliver-effect.ts';

const done: Delivery = { status: 'done' };

/**
 * Rings the customer. That it may be ringing is written before the carrier is asked; the runtime holds the request back
 * until that is durable. So whoever finds it written never asks again, but looks for what became of it: a crash in between
 * costs an attempt, not a second ringing (DIAL-3). Before, a last look: what allowed it may be over (DIAL-6).
 */
export async function placeDial({ outside, call, report }: Sender): Promise<Delivery> {
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
