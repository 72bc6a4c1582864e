import type { CampaignStatus } from './campaign.ts';

export type Command = 'start' | 'pause' | 'resume' | 'stop' | 'archive';

/** From where each leads; a campaign that is there already stays as it is (CAMP-1). */
export const commandFrom: Readonly<Record<Command, readonly CampaignStatus[]>> = {
  // A finished or stopped one that got new leads can be started again.
  start: ['draft', 'scheduled', 'stopped', 'finished'],
  pause: ['running'],
  resume: ['paused'],
  stop: ['scheduled', 'running', 'paused'],
  archive: ['draft', 'stopped', 'finished'],
};

/** What to do instead. */
export function whyNot(command: Command, status: CampaignStatus): string {
  if (command === 'start' && status === 'paused') return 'It is paused: resume it.';
  if (command === 'archive') return 'Stop it first.';
  if (command === 'resume') return status === 'running' ? 'It is running.' : 'It is not paused: start it.';
  return `It is ${status}.`;
}
