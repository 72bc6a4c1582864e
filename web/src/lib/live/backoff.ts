const FIRST_MS = 500;
const GROWTH = 1.7;
const LONGEST_MS = 8_000;

/**
 * How long to wait before attempt number `attempt` (0 = the first after a healthy connection), in ms. A deploy drops
 * every browser's socket in the same instant, so even the first is spread out; `random` is 0 to 1.
 */
export function backoffMs(attempt: number, random: number): number {
  if (attempt === 0) return random * FIRST_MS;
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * GROWTH ** attempt);
  return ceiling * (0.5 + random / 2);
}
