export type ObjectName = 'callRoom' | 'board' | 'fleet';

/** What one kind of object did, over all its instances. */
export interface ObjectCounts {
  /** HTTP requests and RPC calls. */
  requests: number;
  /** WebSocket messages received. Pings are answered by the runtime and never get here. */
  messages: number;
  /** Alarms that rang. */
  alarms: number;
  /** Rows written by SQL, each index entry counted as one. */
  sqlRows: number;
  kvRows: number;
  alarmRows: number;
  /** Wall-clock ms in which it could not hibernate. */
  awakeMs: number;
}

export interface Counts extends Record<ObjectName, ObjectCounts> {
  workerRequests: number;
  d1Rows: number;
  r2ClassA: number;
}

const objects: readonly ObjectName[] = ['callRoom', 'board', 'fleet'];
const nothing = (): ObjectCounts => ({
  requests: 0,
  messages: 0,
  alarms: 0,
  sqlRows: 0,
  kvRows: 0,
  alarmRows: 0,
  awakeMs: 0,
});

export const emptyCounts = (): Counts => ({
  workerRequests: 0,
  d1Rows: 0,
  r2ClassA: 0,
  callRoom: nothing(),
  board: nothing(),
  fleet: nothing(),
});

/** Counts, number by number. */
function combine(a: Counts, b: Counts, each: (a: number, b: number) => number): Counts {
  const combined = emptyCounts();
  for (const key of ['workerRequests', 'd1Rows', 'r2ClassA'] as const) combined[key] = each(a[key], b[key]);
  for (const name of objects) {
    for (const key of Object.keys(combined[name]) as (keyof ObjectCounts)[]) {
      combined[name][key] = each(a[name][key], b[name][key]);
    }
  }
  return combined;
}

export const minus = (a: Counts, b: Counts): Counts => combine(a, b, (x, y) => x - y);

/** A call of other length: what every call costs, and `times` what a minute of talk adds. */
export const plus = (fixed: Counts, perMinute: Counts, times: number): Counts =>
  combine(fixed, perMinute, (x, y) => x + y * times);
