import { exampleProfiles } from '../domain/profile/examples.ts';
import type { Profile } from '../domain/profile/profile.ts';
import type { Surroundings } from './surroundings.ts';

const KEY = 'profile';

/** The profile a call runs with, kept in its own object: whatever is published or archived later, it goes on with this one. */
export function keepProfile({ kv }: Pick<Surroundings, 'kv'>, profile: Profile): void {
  kv.put(KEY, profile);
}

/** @throws Error when none was kept and `slug` is none of the examples, which calls of before ran with */
export function keptProfile({ kv }: Pick<Surroundings, 'kv'>, slug: string): Profile {
  const profile = kv.get<Profile>(KEY) ?? exampleProfiles.find((each) => each.slug === slug);
  if (profile === undefined) throw new Error('a call is only requested for a profile that exists');
  return profile;
}
