import { expect, test } from 'vitest';
import { fuzz } from '../../scripts/fuzz-api/fuzz.ts';

const CASES = 600;
const WITHIN_MS = 8 * 60_000;

test(
  'no generated request gets a server error or an answer that the description does not know',
  async () => {
    const say = (line: string): void => console.log(line);
    const { cases, findings } = await fuzz({ name: 'e2e-fuzz-api', cases: CASES, seed: 20_261_120, say });
    expect(findings).toEqual([]);
    expect(cases).toBeGreaterThanOrEqual(CASES);
  },
  WITHIN_MS,
);
