import type { Speaker } from '../../../../domain/call/fact.ts';
import type { CallState } from '../../../../domain/call/state.ts';
import { RIBBON_STRETCHES } from '../../../../domain/call/ribbon.ts';
import type { CallSummary, RibbonStretch } from '../../../../domain/call/summary.ts';

/** What part of a call a ribbon shows, in ms since the call was requested. */
export interface RibbonSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A live row shows this much, so that rows are comparable and still move. */
export const LIVE_WINDOW_MS = 120_000;
/** A call shorter than this does not fill its ribbon: two words are not a whole conversation. */
const SHORTEST_SPAN_MS = 30_000;

export function rowSpan(call: CallSummary, nowMs: number): RibbonSpan {
  if (call.endedAtMs === null) {
    const elapsedMs = Math.max(0, nowMs - call.requestedAtMs);
    return { fromMs: Math.max(0, elapsedMs - LIVE_WINDOW_MS), toMs: Math.max(LIVE_WINDOW_MS, elapsedMs) };
  }
  // With all its stretches used up, what was said before the first of them is not known: it is not drawn as silence.
  const fromMs = call.ribbon.length >= RIBBON_STRETCHES ? Math.max(0, call.ribbon[0]?.[1] ?? 0) : 0;
  return { fromMs, toMs: Math.max(fromMs + SHORTEST_SPAN_MS, call.endedAtMs - call.requestedAtMs) };
}

export function callSpan(call: CallState, nowMs: number): RibbonSpan {
  const elapsedMs = (call.end?.atMs ?? nowMs) - call.requestedAtMs;
  return { fromMs: 0, toMs: Math.max(SHORTEST_SPAN_MS, elapsedMs) };
}

export const stretchesOf = (call: CallState): readonly RibbonStretch[] =>
  call.transcript.map((said) => [
    said.speaker,
    said.startedAtMs - call.requestedAtMs,
    said.endedAtMs - call.requestedAtMs,
  ]);

/** A bar of one lane, in units of the ribbon's width. */
export interface RibbonBar {
  readonly x: number;
  readonly width: number;
}

export type RibbonLanes = Readonly<Record<Speaker, readonly RibbonBar[]>>;

/**
 * The bars of each speaker, in order and never overlapping, within `width` units. A bar is at least `least` units
 * wide, for a "yes" is something said; bars closer than that flow together.
 */
export function ribbonLanes(
  stretches: readonly RibbonStretch[],
  span: RibbonSpan,
  width: number,
  least: number,
): RibbonLanes {
  const lanes: Record<Speaker, RibbonBar[]> = { agent: [], customer: [], operator: [] };
  const scale = width / Math.max(1, span.toMs - span.fromMs);
  const sorted = [...stretches].sort((a, b) => a[1] - b[1]);
  for (const [speaker, fromMs, toMs] of sorted) {
    if (toMs < span.fromMs || fromMs > span.toMs) continue;
    const from = Math.max(0, (fromMs - span.fromMs) * scale);
    const to = Math.min(width, Math.max((toMs - span.fromMs) * scale, from + least));
    const x = Math.min(from, width - least);
    const lane = lanes[speaker];
    const last = lane.at(-1);
    if (last !== undefined && x - (last.x + last.width) < least) {
      const end = Math.max(last.x + last.width, to);
      lane[lane.length - 1] = { x: last.x, width: end - last.x };
    } else {
      lane.push({ x, width: Math.max(least, to - x) });
    }
  }
  return lanes;
}

/** One SVG path for a whole lane: hundreds of bars, one element. */
export const lanePath = (bars: readonly RibbonBar[], y: number, height: number): string =>
  bars.map((bar) => `M${round(bar.x)} ${y}h${round(bar.width)}v${height}h${round(-bar.width)}z`).join('');

const round = (n: number): number => Math.round(n * 100) / 100;

/** The ribbon in words: `Agent spoke 40s, customer 22s`. */
export function ribbonWords(stretches: readonly RibbonStretch[]): string {
  const spoken: Record<Speaker, number> = { agent: 0, customer: 0, operator: 0 };
  for (const [speaker, fromMs, toMs] of stretches) spoken[speaker] += Math.max(0, toMs - fromMs);
  const said = (['agent', 'customer', 'operator'] as const).filter((speaker) => spoken[speaker] > 0);
  if (said.length === 0) return 'Nobody has spoken yet';
  const words = said.map((speaker) => `${speaker} ${Math.round(spoken[speaker] / 1000)} seconds`).join(', ');
  return `Speaking time: ${words}`;
}
