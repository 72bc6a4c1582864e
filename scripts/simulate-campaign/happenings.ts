import type { CampaignSettings } from '../../domain/campaign/campaign.ts';
import type { Chance } from '../simulate/random.ts';
import type { Bounds } from './judge.ts';
import type { Windows } from './whereabouts.ts';

export const CARRIER = 'c';
const MINUTE_MS = 60_000;

function someDay(chance: Chance): { from: number; to: number }[] {
  if (chance.happens(0.1)) return [];
  if (chance.happens(0.3)) return [{ from: 0, to: 1440 }];
  const from = chance.between(0, 20) * 60 + chance.pick([0, 0, 15, 59]);
  const to = Math.min(1440, from + chance.between(30, 900));
  if (chance.happens(0.8) || to - from < 120) return [{ from, to }];
  const noon = chance.between(from + 30, to - 60);
  return [
    { from, to: noon },
    { from: noon + chance.between(1, 30), to },
  ];
}

export function someWindows(chance: Chance): Windows {
  const day = (): { from: number; to: number }[] => someDay(chance);
  return { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), sat: day(), sun: day() };
}

export function someSettings(chance: Chance): CampaignSettings {
  const retry = (): { afterMs: number } | null =>
    chance.happens(0.15) ? null : { afterMs: chance.between(1, 600) * MINUTE_MS };
  return {
    name: 'simulated',
    profile: 'auto-sales',
    script: '',
    greeting: '',
    carrierId: CARRIER,
    callerId: null,
    concurrency: chance.between(1, 12),
    callsPerSecond: chance.pick([0.05, 0.2, 0.5, 1, 1, 1.5, 2, 5, 20]),
    windows: someWindows(chance),
    retry: { busy: retry(), noAnswer: retry(), voicemail: retry(), failed: retry() },
    attempts: chance.between(1, 8),
    caps: { per24h: chance.between(1, 6), lifetime: chance.between(1, 20) },
    ringMs: 20_000,
    voicemail: 'hangUp',
    voicemailMessage: '',
    consent: chance.happens(0.9) ? 'written' : 'perLead',
  };
}

export const boundsOf = (settings: CampaignSettings): Bounds => ({
  windows: settings.windows,
  per24h: settings.caps.per24h,
  lifetime: settings.caps.lifetime,
  attempts: settings.attempts,
  concurrency: settings.concurrency,
  callsPerSecond: settings.callsPerSecond,
});

/** Days whose clocks do something: changes to and from daylight-saving time, leap days, turns of a year. */
export const startDays = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-09-27',
  '2026-10-04',
  '2026-10-25',
  '2026-11-01',
  '2026-12-31',
  '2027-03-14',
  '2028-02-28',
  '2028-11-05',
  '2026-06-10',
] as const;
