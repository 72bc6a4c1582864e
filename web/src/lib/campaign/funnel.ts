import type { Outcome } from '../../../../domain/call/fact.ts';
import type { CampaignProgress } from '../../../../protocol/campaign-progress.ts';

/** What dials came to, from the best to the worst. */
export interface Step {
  readonly key: string;
  readonly label: string;
  readonly count: number;
  readonly outcomes: readonly Outcome[];
}

const groups: readonly { key: string; label: string; outcomes: readonly Outcome[] }[] = [
  {
    key: 'talked',
    label: 'Talked with us',
    outcomes: ['completed', 'customerHungUp', 'timeLimit', 'spendLimit', 'stale'],
  },
  { key: 'voicemail', label: 'Voicemail', outcomes: ['voicemail'] },
  { key: 'busy', label: 'Busy', outcomes: ['busy'] },
  { key: 'noAnswer', label: 'No answer', outcomes: ['noAnswer'] },
  { key: 'declined', label: 'Declined', outcomes: ['declined'] },
  { key: 'invalid', label: 'Number does not exist', outcomes: ['invalidNumber'] },
  {
    key: 'failed',
    label: 'Failed on our side',
    outcomes: ['carrierFailed', 'noAgent', 'agentFailed', 'abandoned', 'cancelled'],
  },
];

/** Every ended dial is in exactly one step; steps nobody fell on are left out. */
export function funnelOf({ outcomes }: Pick<CampaignProgress, 'outcomes'>): readonly Step[] {
  return groups
    .map((group) => ({
      ...group,
      count: group.outcomes.reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0),
    }))
    .filter(({ count }) => count > 0);
}
