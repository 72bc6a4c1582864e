/** The viewer's time zone: every absolute time on the screen is in it, and the screen names it. */
export const viewerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `14:02`. */
export const formatMinute = (atMs: number, zone = viewerZone()): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(atMs);

/** `14:02:11`. */
export const formatSecond = (atMs: number, zone = viewerZone()): string =>
  new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: zone,
  }).format(atMs);

const dayOf = (atMs: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(atMs);

/** `14:02` today, `19 Nov 14:02` this year, `19 Nov 2025 14:02` before. */
export function formatMoment(atMs: number, nowMs: number, zone = viewerZone()): string {
  const day = dayOf(atMs, zone);
  const today = dayOf(nowMs, zone);
  if (day === today) return formatMinute(atMs, zone);
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const);
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...year, timeZone: zone });
  return `${date.format(atMs)} ${formatMinute(atMs, zone)}`;
}

/** `Fri 20 Nov 2026, 14:02:11 (Europe/Berlin)`: for hovering and for the facts of a call. */
export function formatFull(atMs: number, zone = viewerZone()): string {
  const date = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: zone,
  }).format(atMs);
  return `${date.replace(',', '')}, ${formatSecond(atMs, zone)} (${zone})`;
}
