import type { CallSummary } from '../../../../domain/call/summary.ts';

export const sections = ['needs', 'live', 'ended'] as const;
export type Section = (typeof sections)[number];

/** The rows of the board, by section, as they stand on the screen. */
export type BoardRows = Readonly<Record<Section, readonly CallSummary[]>>;

export const noRows: BoardRows = { needs: [], live: [], ended: [] };

type Needy = Pick<CallSummary, 'needs' | 'attention'>;
/** The strongest reason why somebody should look at it now; null where nothing speaks for it. */
export const needOf = (call: Needy): { readonly reason: string; readonly sinceMs: number } | null =>
  call.needs?.[0] ?? call.attention;

export function sectionOf(call: CallSummary): Section {
  if (call.phase === 'ended') return 'ended';
  return needOf(call) === null ? 'live' : 'needs';
}

/** Heavier than any number of ms since 1970. */
const WEIGHT_STEP = 1e13;

/** The weightiest reason first, then who waits longest; calls in the order they came, so that a new one moves nothing; last ended first. */
const rank: Record<Section, (call: CallSummary) => number> = {
  needs: (call) => (needOf(call)?.sinceMs ?? 0) - (call.needs?.[0]?.weight ?? 100) * WEIGHT_STEP,
  live: (call) => call.requestedAtMs,
  ended: (call) => -(call.endedAtMs ?? 0),
};

/**
 * Places the calls. While `held` (the pointer is over the list, or a row has the focus) every row stays where it is,
 * even one that ended or is gone from the board; new ones go to the end of their section.
 */
export function arrangeRows(
  previous: BoardRows,
  calls: ReadonlyMap<string, CallSummary>,
  held: boolean,
): BoardRows {
  const placed = new Set<string>();
  const rows: Record<Section, CallSummary[]> = { needs: [], live: [], ended: [] };
  if (held) {
    for (const section of sections) {
      for (const row of previous[section]) {
        rows[section].push(calls.get(row.callId) ?? row);
        placed.add(row.callId);
      }
    }
  }
  const fresh: Record<Section, CallSummary[]> = { needs: [], live: [], ended: [] };
  for (const call of calls.values()) {
    if (!placed.has(call.callId)) fresh[sectionOf(call)].push(call);
  }
  for (const section of sections) {
    const by = rank[section];
    fresh[section].sort((a, b) => by(a) - by(b) || (a.callId < b.callId ? -1 : 1));
    rows[section].push(...fresh[section]);
  }
  return rows;
}

/** `?state=`; anything else shows all. */
export type BoardFilter = 'all' | Section;

export const readFilter = (value: string | null): BoardFilter =>
  sections.find((section) => section === value) ?? 'all';

/** Calls that need someone are live too. */
export const shownSections = (filter: BoardFilter): readonly Section[] => {
  if (filter === 'all') return sections;
  return filter === 'live' ? ['needs', 'live'] : [filter];
};
