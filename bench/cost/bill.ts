import type { Counts, ObjectName } from './counts.ts';
import { MESSAGES_A_REQUEST, OBJECT_GIGABYTES, prices } from './prices.ts';

/** One line of a bill. */
export interface Line {
  readonly what: string;
  /** How many of them. */
  readonly quantity: number;
  readonly dollars: number;
}

const objects: readonly ObjectName[] = ['callRoom', 'board', 'fleet'];

/**
 * What Cloudflare would bill for these counts.
 *
 * @param roomSeconds wall-clock seconds for which the calls' own objects are billed. The Board and the Fleet are one
 *   object each for all calls together and are billed apart.
 */
export function bill(counts: Counts, roomSeconds: number): readonly Line[] {
  const sum = (of: (name: ObjectName) => number): number =>
    objects.reduce((total, name) => total + of(name), 0);
  const line = (what: string, quantity: number, each: number): Line => ({
    what,
    quantity,
    dollars: quantity * each,
  });
  return [
    line('Worker requests', counts.workerRequests, prices.workerRequest),
    line(
      'object requests',
      sum((name) => counts[name].requests),
      prices.objectRequest,
    ),
    line(
      'WebSocket messages',
      sum((name) => counts[name].messages),
      prices.objectRequest / MESSAGES_A_REQUEST,
    ),
    line(
      'alarms',
      sum((name) => counts[name].alarms),
      prices.objectRequest,
    ),
    line(
      'rows of objects',
      sum((name) => rowsOf(counts, name)),
      prices.objectRow,
    ),
    line('rows of D1', counts.d1Rows, prices.d1Row),
    line('R2 class A', counts.r2ClassA, prices.r2ClassA),
    line('seconds in memory', roomSeconds, durationDollars(1)),
  ];
}

const rowsOf = (counts: Counts, name: ObjectName): number =>
  counts[name].sqlRows + counts[name].kvRows + counts[name].alarmRows;

/** An object that is awake for so long. */
export const durationDollars = (seconds: number): number =>
  seconds * OBJECT_GIGABYTES * prices.gigabyteSecond;

/** US cents for 1,000 minutes of calls that cost this and last so long. */
export const centsPerThousandMinutes = (dollars: number, minutes: number): number =>
  (dollars / minutes) * 1000 * 100;

export const total = (lines: readonly Line[]): number => lines.reduce((sum, each) => sum + each.dollars, 0);
