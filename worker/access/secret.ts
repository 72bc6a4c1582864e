import { timingSafeEqual } from 'node:crypto';

/** Compares in a time that tells nothing of where two secrets differ; their length it does tell. */
export function sameSecret(given: string, expected: string): boolean {
  const a = new TextEncoder().encode(given);
  const b = new TextEncoder().encode(expected);
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
