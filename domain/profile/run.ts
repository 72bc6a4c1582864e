import type { Prices } from '../cost/cost.ts';
import type { CallRequested } from '../call/fact.ts';
import type { RecordingPolicy } from '../call/recording.ts';
import { stricterPolicy } from '../call/recordings.ts';
import type { PublishedProfile } from './profile.ts';

/**
 * What a call takes over of its profile as it is requested. `recording`: less than the profile's, where that is wanted; `prices`: what
 * its spending is reckoned by.
 */
export function runOf(
  { profile, version }: PublishedProfile,
  { recording, prices }: { readonly recording?: RecordingPolicy | undefined; readonly prices?: Prices } = {},
): Pick<CallRequested, 'profile' | 'profileVersion' | 'limits' | 'recording'> {
  const policy = stricterPolicy(profile.recording, recording);
  return {
    profile: profile.slug,
    profileVersion: version,
    limits: {
      durationMs: profile.maximumDurationS * 1_000,
      spendMicros: profile.maximumSpendMicros,
      ...(prices === undefined ? {} : { prices }),
    },
    ...(policy === 'off' ? {} : { recording: policy }),
  };
}
