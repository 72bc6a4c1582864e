const two = (n: number): string => String(n).padStart(2, '0');

/** How long something took or has lasted: `12s`, `4m 12s`, `1h 04m`. Never negative. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds}s`;
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}

/** A place within a call: `0:07`, `12:05`, `1:02:03`; before its start `-0:02`. */
export function formatOffset(ms: number): string {
  const sign = ms <= -1000 ? '-' : '';
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  const head = minutes < 60 ? `${minutes}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
  return `${sign}${head}:${two(seconds % 60)}`;
}

/** A delay in seconds to a tenth: `0.6 s`; from ten seconds on without the tenth. */
export function formatDelay(ms: number): string {
  const seconds = ms / 1000;
  return `${seconds >= 9.95 ? Math.round(seconds) : seconds.toFixed(1)} s`;
}

/** A span as a machine-readable `<time datetime>`: `PT252S`. */
export const isoDuration = (ms: number): string => `PT${Math.max(0, Math.floor(ms / 1000))}S`;

/** The middle of `values`; null for none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Minutes since midnight as a clock shows them: 570 → `9:30`; the day's end is `24:00`. */
export const minutesWords = (minutes: number): string => `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
