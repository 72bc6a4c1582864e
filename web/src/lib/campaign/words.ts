import type { CampaignStatus } from '../../../../domain/campaign/campaign.ts';
import type { LeadStatus } from '../../../../domain/lead/lead.ts';
import type { CampaignProgress } from '../../../../protocol/campaign-progress.ts';
import type { Tone } from '../call/words.ts';
import { formatMoment } from '../time/moment.ts';

/** How the parts of a campaign are called on every screen. */

export const statusLabel: Record<CampaignStatus, string> = {
  draft: 'Draft',
  scheduled: 'Scheduled',
  running: 'Running',
  paused: 'Paused',
  stopped: 'Stopped',
  finished: 'Finished',
};

const tones: Record<CampaignStatus, Tone> = {
  draft: 'quiet',
  scheduled: 'quiet',
  running: 'live',
  paused: 'attention',
  stopped: 'quiet',
  finished: 'quiet',
};
export const statusTone = (status: CampaignStatus): Tone => tones[status];

export const leadStatusLabel: Record<LeadStatus, string> = {
  waiting: 'Waiting',
  dialling: 'Being called',
  reached: 'Reached',
  exhausted: 'Not reached',
  unreachable: 'Number does not exist',
  doNotCall: 'Do not call',
  withdrawn: 'Taken out',
};

const waitingFor: Record<NonNullable<CampaignProgress['waitsFor']>, string> = {
  hours: 'Waits for calling hours',
  retries: 'Waits for retries and call backs',
  seats: 'Waits for a free agent',
  slots: 'At its limit of calls at a time',
  pace: 'Keeping its pace',
  carrier: 'Waits for the carrier',
};

const paused = {
  byPerson: 'Paused. Calls in progress go on.',
  abandonBrake: 'Paused itself: too many who answered found nobody there.',
  budget: 'Paused itself: the budget of this month is spent.',
} as const;

/** What a campaign is doing this moment, in a sentence. */
export function doingSentence(progress: CampaignProgress, startsAtMs: number | null, nowMs: number): string {
  switch (progress.status) {
    case 'draft':
      return 'Not started.';
    case 'scheduled':
      return startsAtMs === null ? 'Starts by itself.' : `Starts ${formatMoment(startsAtMs, nowMs)}.`;
    case 'paused':
      return paused[progress.pausedBecause ?? 'byPerson'];
    case 'stopped':
      return 'Stopped for good.';
    case 'finished':
      return 'Every lead has been dealt with.';
    case 'running': {
      if (progress.waitsFor === null) return progress.live > 0 ? 'Calling.' : 'Looking for the next lead.';
      const until = progress.nextAtMs;
      const soon = progress.waitsFor === 'hours' || progress.waitsFor === 'retries';
      const when = soon && until !== null ? ` until ${formatMoment(until, nowMs)}` : '';
      return `${waitingFor[progress.waitsFor]}${when}.`;
    }
  }
}

export const leadsOf = ({ leads }: Pick<CampaignProgress, 'leads'>): number =>
  Object.values(leads).reduce((sum, count) => sum + count, 0);

/** Leads that nothing more happens to. */
export const settledOf = (progress: Pick<CampaignProgress, 'leads'>): number =>
  leadsOf(progress) - progress.leads.waiting - progress.leads.dialling;

/** `1,204`, in figures that stand under each other. */
export const formatCount = (count: number): string => count.toLocaleString('en-GB');

/** `34 %`; null of nothing. */
export const formatShare = (part: number, whole: number): string | null =>
  whole === 0 ? null : `${Math.round((part / whole) * 100)}\u00a0%`;
