import type { CallRequested } from '../call/fact.ts';
import type { RecordingPolicy } from '../call/recording.ts';
import { stricterPolicy } from '../call/recordings.ts';
import type { PublishedProfile } from './profile.ts';

/** What a call takes over of its profile as it is requested; `recording`: less than the profile's, where that is wanted. */
export function runOf(
  { profile, version }: PublishedProfile,
  recording?: RecordingPolicy,
): Pick<CallRequested, 'profile' | 'profileVersion' | 'limits' | 'recording'> {
  const policy = stricterPolicy(profile.recording, recording);
  return {
    profile: profile.slug,
    profileVersion: version,
    limits: { durationMs: profile.maximumDurationS * 1_000, spendMicros: profile.maximumSpendMicros },
    ...(policy === 'off' ? {} : { recording: policy }),
  };
}
