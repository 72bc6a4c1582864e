import type { Recording } from '../../../../domain/call/recording.ts';

/** One stretch of a call that can be heard. All in ms since the call was requested, as every time on its page. */
export interface Sound {
  readonly recordingId: string;
  /** Where the file begins; it may be before `fromMs`. */
  readonly fileZeroMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The recordings of a call as one timeline: where two overlap the earlier one is heard to its end, gaps stay gaps. */
export function soundsOf(recordings: readonly Recording[], requestedAtMs: number): readonly Sound[] {
  const sounds: Sound[] = [];
  const stored = recordings
    .filter(({ phase, durationMs }) => phase === 'stored' && durationMs !== null && durationMs > 0)
    .toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  let heardToMs = -Infinity;
  for (const { recordingId, startedAtMs, durationMs } of stored) {
    const fileZeroMs = startedAtMs - requestedAtMs;
    const fromMs = Math.max(fileZeroMs, heardToMs);
    const toMs = fileZeroMs + (durationMs ?? 0);
    if (toMs <= fromMs) continue;
    sounds.push({ recordingId, fileZeroMs, fromMs, toMs });
    heardToMs = toMs;
  }
  return sounds;
}

/** What is to be heard at this place, or from there on next; null after the last. */
export const soundAt = (sounds: readonly Sound[], callMs: number): Sound | null =>
  sounds.find((sound) => callMs < sound.toMs) ?? null;

/** The nearest place at or after `callMs` where there is sound; the end of the last where there is none. */
export function audibleFrom(sounds: readonly Sound[], callMs: number): number {
  const sound = soundAt(sounds, callMs);
  return sound === null ? (sounds.at(-1)?.toMs ?? 0) : Math.max(callMs, sound.fromMs);
}

/** `?t=`: seconds into the call, whole or with a fraction; null for none or for what is no number. */
export function readPlace(value: string | null): number | null {
  if (value === null || !/^\d{1,6}(\.\d{1,3})?$/.test(value)) return null;
  return Number(value) * 1_000;
}

export const placeText = (callMs: number): string => String(Math.max(0, Math.floor(callMs / 1_000)));

/** `1 minute 23 seconds`: a place as it is read aloud. */
export function spokenPlace(callMs: number): string {
  const seconds = Math.max(0, Math.floor(callMs / 1_000));
  const minutes = Math.floor(seconds / 60);
  const rest = `${seconds % 60} ${seconds % 60 === 1 ? 'second' : 'seconds'}`;
  return minutes === 0 ? rest : `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${rest}`;
}

/** The address with these parts of its query changed; null takes one away. */
export function addressWith(href: string, change: Readonly<Record<string, string | null>>): string {
  const url = new URL(href);
  for (const [name, value] of Object.entries(change)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}
