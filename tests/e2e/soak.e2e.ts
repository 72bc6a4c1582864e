import { expect, test } from 'vitest';
import { reportOf, violationsOf } from '../../scripts/soak/report.ts';
import { soak } from '../../scripts/soak/soak.ts';

const MINUTES = 2;
/** Every kind of harm fits into two minutes: job, Worker, host, media server, stall, cut, job, machine. */
const SEED = 11_928;
/** Hosts start, the calls of two minutes end, a caller who never came is given up after one more. */
const WITHIN_MS = 10 * 60_000;

test(
  'LEDGER-1 LEDGER-3 LEDGER-7 DISPATCH-3 DISPATCH-5 EFFECT-1 two minutes of killed agents, restarts and cut wires break no rule',
  async () => {
    const result = await soak({
      name: 'e2e-soak',
      minutes: MINUTES,
      seed: SEED,
      say: (line) => console.log(line),
    });
    console.log(reportOf(result));
    expect(violationsOf(result.findings)).toEqual([]);
    // A soak in which nothing was said, or nothing was done, proves nothing.
    expect(result.evidence.ackedLines.length).toBeGreaterThan(0);
    expect(result.evidence.disturbances.length).toBeGreaterThan(2);
  },
  WITHIN_MS,
);
