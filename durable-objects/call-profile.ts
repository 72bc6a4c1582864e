import { exampleProfiles } from '../domain/profile/examples.ts';
import type { HttpToolBriefing } from '../domain/profile/http-tool.ts';
import type { Profile } from '../domain/profile/profile.ts';
import type { Surroundings } from './surroundings.ts';

const KEY = 'profile';
const TOOLS_KEY = 'httpTools';
const LINES_KEY = 'rehearsal';

/** What its agent will be told: the profile, and those of its tools that an admin defined. */
export type Told = [profile: Profile, httpTools?: readonly HttpToolBriefing[]];

/**
 * The profile a call runs with, kept in its own object: whatever is published or archived later, it goes on with this one,
 * and with what its tools were then (PROFILE-1).
 */
export function keepProfile({ kv }: Pick<Surroundings, 'kv'>, ...[profile, httpTools = []]: Told): void {
  kv.put(KEY, profile);
  if (httpTools.length > 0) kv.put(TOOLS_KEY, httpTools);
}

/** What a scenario has the customer say (SCENE-1). */
export function keepRehearsal({ kv }: Pick<Surroundings, 'kv'>, lines: readonly string[]): void {
  kv.put(LINES_KEY, lines);
}

export const keptRehearsal = ({ kv }: Pick<Surroundings, 'kv'>): readonly string[] | null =>
  kv.get<readonly string[]>(LINES_KEY) ?? null;

/** What else the agent is told. */
export const keptBeside = (
  around: Pick<Surroundings, 'kv'>,
): { readonly httpTools: readonly HttpToolBriefing[]; readonly rehearsal: readonly string[] | null } => ({
  httpTools: around.kv.get<readonly HttpToolBriefing[]>(TOOLS_KEY) ?? [],
  rehearsal: keptRehearsal(around),
});

/** @throws Error when none was kept and `slug` is none of the examples, which calls of before ran with */
export function keptProfile({ kv }: Pick<Surroundings, 'kv'>, slug: string): Profile {
  const profile = kv.get<Profile>(KEY) ?? exampleProfiles.find((each) => each.slug === slug);
  if (profile === undefined) throw new Error('a call is only requested for a profile that exists');
  return profile;
}
