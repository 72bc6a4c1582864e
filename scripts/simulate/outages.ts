import type { Chance } from './random.ts';

export const services = ['media', 'fleet', 'board', 'd1', 'r2'] as const;
export type Service = (typeof services)[number];

/** Longer than twelve tries take (about 200 s), so that what is owed is parked. */
const LONGEST_OUTAGE_MS = 900_000;

/** When each service is down altogether. The Fleet and the board are objects of ours and restart within seconds. */
export class Outages {
  readonly #down = new Map<Service, { readonly fromMs: number; readonly untilMs: number }>();

  constructor(chance: Chance, startMs: number, share: number) {
    for (const service of services) {
      const fromMs = startMs + chance.delay(0, 240_000);
      const longestMs = service === 'fleet' || service === 'board' ? 15_000 : LONGEST_OUTAGE_MS;
      const untilMs = fromMs + chance.between(1_000, longestMs);
      if (chance.happens(share)) this.#down.set(service, { fromMs, untilMs });
    }
  }

  isDown(service: Service, nowMs: number): boolean {
    const down = this.#down.get(service);
    return down !== undefined && nowMs >= down.fromMs && nowMs < down.untilMs;
  }
}
