import type { ModelStage } from '../../../../domain/profile/models.ts';

/** Which agent, and which of its versions: `auto-sales, version 3`. Calls of before versions name none. */
export function profileLabel(request: {
  readonly profile: string;
  readonly profileVersion?: number | undefined;
}): string {
  const { profile, profileVersion } = request;
  if (profileVersion === undefined) return profile;
  return `${profile}, ${profileVersion === 0 ? 'a draft being tried' : `version ${profileVersion}`}`;
}

export const stageLabel: Record<ModelStage, string> = {
  hearing: 'Hearing',
  thinking: 'Thinking',
  speaking: 'Speaking',
  realtime: 'Hearing, thinking and speaking in one',
};
