import type { Campaign } from './campaign.ts';

export type CampaignEventKind = 'started' | 'paused' | 'finished';

/** Something in a campaign's life that people and other systems are told of. Its id names it for ever (HOOK-1). */
export interface CampaignEvent {
  readonly id: string;
  readonly kind: CampaignEventKind;
  readonly atMs: number;
  readonly campaignId: string;
  readonly name: string;
  readonly pausedBecause: Campaign['pausedBecause'];
  readonly leads: number;
  readonly reached: number;
  readonly dials: number;
}

/** What was told of a campaign last. */
export interface Told {
  /** Of the run that began then, epoch ms. */
  readonly startedAtMs: number | null;
  readonly paused: boolean;
  readonly endedAtMs: number | null;
}
export const nothingTold: Told = { startedAtMs: null, paused: false, endedAtMs: null };

/** What is to be told now that it stands so. */
export function eventKinds(campaign: Campaign, told: Told): CampaignEventKind[] {
  const { status, startedAtMs, endedAtMs } = campaign;
  return [
    ...(startedAtMs !== null && startedAtMs !== told.startedAtMs ? (['started'] as const) : []),
    ...(status === 'paused' && !told.paused ? (['paused'] as const) : []),
    ...(status === 'finished' && endedAtMs !== told.endedAtMs ? (['finished'] as const) : []),
  ];
}

export const toldOf = ({ status, startedAtMs, endedAtMs }: Campaign): Told => ({
  startedAtMs,
  paused: status === 'paused',
  endedAtMs,
});
