import { needOf } from './board-rows.ts';
import { median } from '../time/duration.ts';
import { formatDelay } from '../time/duration.ts';
import type { BoardState } from './board-state.ts';

/** The numbers of the stat sentence. */
export interface BoardStats {
  readonly inProgress: number;
  readonly waiting: number;
  readonly needSomeone: number;
  readonly medianReplyMs: number | null;
  readonly seatsTaken: number;
  readonly seats: number;
}

export function boardStats(board: BoardState): BoardStats {
  const live = [...board.calls.values()].filter((call) => call.phase !== 'ended');
  const inProgress = live.filter((call) => call.phase === 'inProgress');
  return {
    inProgress: inProgress.length,
    waiting: live.length - inProgress.length,
    needSomeone: live.filter((call) => needOf(call) !== null).length,
    medianReplyMs: median(inProgress.flatMap((call) => call.latencyMs ?? [])),
    seatsTaken: board.seats.taken,
    seats: board.seats.seats,
  };
}

/** The parts of `3 calls in progress · 1 needs someone · median reply 0.6 s · 3 of 4 seats taken`. */
export function statParts(
  stats: BoardStats,
): readonly { readonly text: string; readonly attention: boolean }[] {
  const part = (text: string, attention = false) => ({ text, attention });
  const parts = [
    part(stats.inProgress === 1 ? '1 call in progress' : `${stats.inProgress} calls in progress`),
  ];
  if (stats.waiting > 0) parts.push(part(`${stats.waiting} connecting`));
  if (stats.needSomeone > 0) {
    parts.push(part(stats.needSomeone === 1 ? '1 needs someone' : `${stats.needSomeone} need someone`, true));
  }
  if (stats.medianReplyMs !== null) parts.push(part(`median reply ${formatDelay(stats.medianReplyMs)}`));
  if (stats.seats === 0) parts.push(part('no agent host is connected', true));
  else parts.push(part(`${stats.seatsTaken} of ${stats.seats} seats taken`));
  return parts;
}
