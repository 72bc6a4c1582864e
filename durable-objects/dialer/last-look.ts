import { aboutToRing, letRing } from '../../database/last-look.ts';
import { judgeHours } from '../../domain/dial/hours.ts';
import { zoneEvidenceOf } from '../../domain/dial/zone-evidence.ts';

/** What is found when a number is about to ring. */
export type LastLook =
  | { readonly kind: 'ring' }
  /** The pace allows it later. */
  | { readonly kind: 'wait'; readonly afterMs: number }
  | { readonly kind: 'refused'; readonly because: string };

/** Hours that close within this are not begun: the carrier takes a moment, ms. */
const RING_CLOSING_MS = 10_000;
const PACE_AGAIN_MS = 250;
/** An older permission holds no more, ms: others were let ring by then. */
const STALE_MS = 1_000;

/**
 * The last look at what may have changed while an agent was sought: the slot, the do-not-call list, the campaign, the hours
 * where the lead is, and the pace at which telephones ring (DIAL-9).
 * @throws Error when D1 failed: then nothing may ring
 */
export async function lastLook(database: D1Database, callId: string, nowMs: () => number): Promise<LastLook> {
  const dial = await aboutToRing(database, callId);
  if (dial === null || !dial.live) return { kind: 'refused', because: 'its slot was given back' };
  if (dial.suppressed) return { kind: 'refused', because: 'the number is on the do-not-call list' };
  if (dial.campaign !== null && dial.campaign !== 'running')
    return { kind: 'refused', because: `the campaign is ${dial.campaign}` };
  const atMs = nowMs();
  const zone = zoneEvidenceOf(dial.lead);
  const open = [atMs, atMs + RING_CLOSING_MS].every((each) => judgeHours(zone, dial.windows, each).open);
  if (!open) return { kind: 'refused', because: 'the hours have closed where the lead is' };
  if (!(await letRing(database, callId, dial, atMs))) return { kind: 'wait', afterMs: PACE_AGAIN_MS };
  return nowMs() - atMs > STALE_MS ? { kind: 'wait', afterMs: 0 } : { kind: 'ring' };
}
