/**
 * How long to wait before attempt `attempt` (0-based), ms: doubles from `firstMs` up to `mostMs`, and half of it is
 * random, because a deploy drops every socket at the same moment and they must not all come back together.
 */
export function backoffMs(
  attempt: number,
  firstMs = 100,
  mostMs = 2_000,
  random: () => number = Math.random,
): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20));
  return Math.round(full * (0.5 + random() / 2));
}
