import type * as z from 'zod/mini';
import {
  type CampaignSettings,
  type RetriedOutcome,
  retriedOutcomes,
  weekdays,
  type Weekday,
} from '../../../../domain/campaign/campaign.ts';
import type { CampaignSettingsSchema } from '../../../../protocol/campaign.ts';

/** What the API takes. */
export type CampaignWish = z.infer<typeof CampaignSettingsSchema>;

/** A campaign's settings as a form holds them: times of day and minutes as people type them. */
export interface Draft {
  name: string;
  profile: string;
  script: string;
  greeting: string;
  carrierId: string;
  callerId: string;
  concurrency: number;
  callsPerSecond: number;
  windows: Record<Weekday, { from: string; to: string }[]>;
  retry: Record<RetriedOutcome, { again: boolean; minutes: number }>;
  attempts: number;
  per24h: number;
  lifetime: number;
  ringSeconds: number;
  voicemail: 'hangUp' | 'leaveMessage';
  voicemailMessage: string;
  consent: CampaignSettings['consent'];
  /** Kept as it is: a form that does not show it must not change it. */
  recording?: CampaignSettings['recording'];
}

const MINUTE_MS = 60_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** 570 → `09:30`; the day's end is `24:00`, which no time field can hold: `00:00` stands for it. */
export const timeOfDay = (minutes: number): string =>
  `${two(Math.floor((minutes % 1440) / 60))}:${two(minutes % 60)}`;

/** `09:30` → 570. As an end, midnight is the day's. */
export function minutesOf(time: string, end = false): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const total = hours * 60 + minutes;
  return end && total === 0 ? 1440 : total;
}

/** What most begin with: office hours, three attempts a lead, an hour and a day between them. */
export function newDraft(profile: string, carrierId: string): Draft {
  const day = (): { from: string; to: string }[] => [{ from: '09:00', to: '18:00' }];
  return {
    name: '',
    profile,
    script: '',
    greeting: '',
    carrierId,
    callerId: '',
    concurrency: 5,
    callsPerSecond: 1,
    windows: { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), sat: [], sun: [] },
    retry: {
      busy: { again: true, minutes: 15 },
      noAnswer: { again: true, minutes: 240 },
      voicemail: { again: true, minutes: 1440 },
      failed: { again: true, minutes: 30 },
    },
    attempts: 3,
    per24h: 2,
    lifetime: 6,
    ringSeconds: 30,
    voicemail: 'hangUp',
    voicemailMessage: '',
    consent: 'written',
  };
}

export function draftOf(settings: CampaignSettings): Draft {
  const windows = Object.fromEntries(
    weekdays.map((day) => [
      day,
      settings.windows[day].map(({ from, to }) => ({ from: timeOfDay(from), to: timeOfDay(to) })),
    ]),
  ) as Draft['windows'];
  const retry = Object.fromEntries(
    retriedOutcomes.map((outcome) => {
      const rule = settings.retry[outcome];
      return [
        outcome,
        { again: rule !== null, minutes: Math.round((rule?.afterMs ?? 3_600_000) / MINUTE_MS) },
      ];
    }),
  ) as Draft['retry'];
  return {
    name: settings.name,
    profile: settings.profile,
    script: settings.script,
    greeting: settings.greeting,
    carrierId: settings.carrierId,
    callerId: settings.callerId ?? '',
    concurrency: settings.concurrency,
    callsPerSecond: settings.callsPerSecond,
    windows,
    retry,
    attempts: settings.attempts,
    per24h: settings.caps.per24h,
    lifetime: settings.caps.lifetime,
    ringSeconds: Math.round(settings.ringMs / 1000),
    voicemail: settings.voicemail,
    voicemailMessage: settings.voicemailMessage,
    consent: settings.consent,
    ...(settings.recording === undefined ? {} : { recording: settings.recording }),
  };
}

export function settingsOf(draft: Draft): CampaignWish {
  const { per24h, lifetime, ringSeconds, callerId, windows, retry, ...same } = draft;
  return {
    ...same,
    name: draft.name.trim(),
    callerId: callerId.trim() === '' ? null : callerId.replace(/[\s().-]/g, ''),
    windows: Object.fromEntries(
      weekdays.map((day) => [
        day,
        windows[day].map(({ from, to }) => ({ from: minutesOf(from), to: minutesOf(to, true) })),
      ]),
    ) as CampaignWish['windows'],
    retry: Object.fromEntries(
      retriedOutcomes.map((outcome) => {
        const { again, minutes } = retry[outcome];
        return [outcome, again ? { afterMs: Math.round(minutes * MINUTE_MS) } : null];
      }),
    ) as CampaignWish['retry'],
    caps: { per24h, lifetime },
    ringMs: Math.round(ringSeconds * 1000),
  };
}
