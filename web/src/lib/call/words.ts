import type { Channel, Outcome } from '../../../../domain/call/fact.ts';
import type { CallSummary } from '../../../../domain/call/summary.ts';

/** How the parts of a call are called on every screen. */

export const UNKNOWN_CONTACT = 'Unknown caller';

export const contactLabel = (name: string | null): string =>
  name === null || name.trim() === '' ? UNKNOWN_CONTACT : name;

export const channelLabel: Record<Channel, string> = {
  web: 'Web',
  phone: 'Phone',
  lab: 'Lab, simulated',
};

/** Where nothing was to be heard, every screen that shows the call says so. */
export const channelWords = (call: Pick<CallSummary, 'channel' | 'media'>): string =>
  call.media === 'silent' ? 'Scripted, no sound' : channelLabel[call.channel];

export const outcomeLabel: Record<Outcome, string> = {
  completed: 'Completed',
  customerHungUp: 'Customer hung up',
  abandoned: 'Customer gave up waiting',
  noAnswer: 'Customer never joined',
  noAgent: 'No agent was free',
  agentFailed: 'Agent failed',
  timeLimit: 'Reached the time limit',
  spendLimit: 'Reached its spending limit',
  stale: 'Went silent',
  cancelled: 'Cancelled',
  voicemail: 'Voicemail',
  busy: 'Busy',
  declined: 'Declined',
  invalidNumber: 'Number does not exist',
  carrierFailed: 'Carrier failed',
};

export type Tone = 'attention' | 'live' | 'quiet' | 'failed';

const failures: ReadonlySet<Outcome> = new Set(['noAgent', 'agentFailed', 'stale', 'carrierFailed']);
export const outcomeTone = (outcome: Outcome): Tone => (failures.has(outcome) ? 'failed' : 'quiet');

type Stated = Pick<CallSummary, 'phase' | 'outcome' | 'attention' | 'dialling'>;

/** The state of a call in a word or three. */
export function stateLabel(call: Stated): string {
  if (call.phase === 'ended') return call.outcome === null ? 'Ended' : outcomeLabel[call.outcome];
  if (call.attention !== null) return 'Needs someone';
  if (call.dialling === 'ringing') return 'Ringing';
  switch (call.phase) {
    case 'requested':
      return 'Waiting';
    case 'connecting':
      return 'Connecting';
    case 'inProgress':
      return 'In progress';
  }
}

export function stateTone(call: Stated): Tone {
  if (call.phase === 'ended') return call.outcome === null ? 'quiet' : outcomeTone(call.outcome);
  if (call.attention !== null) return 'attention';
  return call.phase === 'inProgress' ? 'live' : 'quiet';
}

const simulatedNouns = { callers: 'callers', speech: 'voices', media: 'sound' } as const;
export type Simulated = keyof typeof simulatedNouns;

/** Exactly what is not real here; null when everything is. */
export function simulatedSentence(simulated: readonly Simulated[]): string | null {
  const parts = (['callers', 'speech', 'media'] as const).filter((part) => simulated.includes(part));
  if (parts.length === 0) return null;
  const nouns = parts.map((part) => simulatedNouns[part]);
  const last = nouns.pop() as string;
  const list = nouns.length === 0 ? last : `${nouns.join(', ')} and ${last}`;
  const verb = list === 'sound' ? 'is' : 'are';
  return `${list[0]?.toUpperCase()}${list.slice(1)} ${verb} simulated on this development machine.`;
}
