import type * as z from 'zod/mini';
import { knownColumns, lineKnown, sampleOfWaiting } from '../../database/campaign-checks.ts';
import { isBudgetSpent } from '../../database/budget.ts';
import type { Campaign, CampaignSettings } from '../../domain/campaign/campaign.ts';
import { weekdays } from '../../domain/campaign/campaign.ts';
import { judgeHours } from '../../domain/dial/hours.ts';
import { zoneEvidenceOf } from '../../domain/dial/zone-evidence.ts';
import type { Whereabouts } from '../../domain/dial/zone-evidence.ts';
import { ownPlaceholders, placeholdersOf } from '../../domain/lead/script.ts';
import { profileNamed } from '../../database/profiles.ts';
import { situationOf } from '../../database/dial-queue.ts';
import type { Env } from '../../durable-objects/env.ts';
import { mediaServerOf } from '../../durable-objects/media-server.ts';
import type { StartProblemSchema } from '../../protocol/api/campaigns.ts';

export type StartProblem = z.infer<typeof StartProblemSchema>;

/** Everything that would keep a campaign from dialling anybody, each with what to do about it (CAMP-1). */
export async function startProblems(env: Env, campaign: Campaign, nowMs: number): Promise<StartProblem[]> {
  const profile = await profileNamed(env.DB, campaign.profile);
  const [waiting, situation, unknown, callerId, spent] = await Promise.all([
    sampleOfWaiting(env.DB, campaign.campaignId),
    situationOf(env.DB, campaign.campaignId, nowMs),
    unknownPlaceholders(env.DB, campaign, campaign.campaignId, profile?.profile.instructions),
    campaign.callerId === null ? true : lineKnown(env.DB, campaign.callerId),
    isBudgetSpent(env.DB, nowMs),
  ]);
  const problems: (StartProblem | null)[] = [
    waiting.length > 0 ? null : problem('noLeads', 'No lead is waiting to be called: import or add some.'),
    waiting.length === 0 ? null : neverOpens(campaign, waiting, nowMs),
    profile !== null ? null : problem('profileGone', 'Its agent profile is gone: choose another.'),
    (situation?.carrier ?? null) !== null
      ? null
      : problem('carrierGone', 'Its carrier is gone or switched off: choose another, or switch it on.'),
    unknown.length === 0
      ? null
      : problem('placeholderUnknown', `No lead has a column for ${unknown.map(braced).join(', ')}.`),
    callerId ? null : problem('callerIdUnknown', 'The caller id is none of our numbers: choose one of them.'),
    spent
      ? problem(
          'budgetSpent',
          'The budget of this month is spent: an admin can raise it under Settings → Prices.',
        )
      : null,
    mediaServerOf(env) !== null
      ? null
      : problem('mediaUnavailable', 'This deployment has no media server: nobody can be rung.'),
  ];
  return problems.filter((each) => each !== null);
}

const problem = (code: StartProblem['code'], message: string): StartProblem => ({ code, message });
const braced = (name: string): string => `{{lead.${name}}}`;

/** Of those who wait, a sample: is there one with an hour that law and campaign both allow? */
function neverOpens(
  { windows }: Campaign,
  waiting: readonly Whereabouts[],
  nowMs: number,
): StartProblem | null {
  if (weekdays.every((day) => windows[day].length === 0))
    return problem('neverOpens', 'It has no calling hours on any day: give it some.');
  const verdicts = waiting.map((lead) => judgeHours(zoneEvidenceOf(lead), windows, nowMs));
  if (verdicts.some((each) => each.nextOpenAtMs !== null)) return null;
  return verdicts.every((each) => each.refusal === 'zoneUnknown')
    ? problem('neverOpens', 'Nothing tells where its leads are: give them a time zone or a postal code.')
    : problem('neverOpens', 'Its calling hours and those that the law allows never meet: widen them.');
}

type Templates = Pick<CampaignSettings, 'script' | 'greeting' | 'voicemailMessage'>;

/** Placeholders of the templates, and of its agent's instructions, that none of its leads has a column for. */
export async function unknownPlaceholders(
  database: D1Database,
  { script, greeting, voicemailMessage }: Templates,
  campaignId: string,
  instructions = '',
): Promise<string[]> {
  const used = [script, greeting, voicemailMessage, instructions].flatMap(placeholdersOf);
  if (used.length === 0) return [];
  const known = new Set(await knownPlaceholders(database, campaignId));
  return [...new Set(used)].filter((each) => !known.has(each));
}

export const knownPlaceholders = async (database: D1Database, campaignId: string): Promise<string[]> => [
  ...ownPlaceholders,
  ...(await knownColumns(database, campaignId)),
];
