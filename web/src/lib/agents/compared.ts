import type { EditedProfile, ProfileVersion } from '../../../../protocol/api/profiles.ts';
import type { ProfileContent } from '../../../../protocol/profile.ts';
import { readVersion } from '../api/agents.ts';
import { valueOrLeave } from '../api/load.ts';

/** A version by its number, or what is being edited. */
export type Side = number | 'draft';
export interface Compared {
  readonly from: Side;
  readonly to: Side;
  readonly before: ProfileContent;
  readonly after: ProfileContent;
}

/** What an address asks to be compared; otherwise what is published with the draft, or with the one before it. */
export async function comparedVersions(
  edited: EditedProfile,
  versions: readonly ProfileVersion[],
  url: URL,
  fetch: typeof globalThis.fetch,
): Promise<Compared | null> {
  const numbers = versions.map((each) => each.version);
  const latest = edited.published?.version ?? numbers[0];
  if (latest === undefined) return null;
  const to = sideOf(url.searchParams.get('to'), numbers) ?? (edited.draftDiffers ? 'draft' : latest);
  const before = numbers.find((each) => each < (to === 'draft' ? Infinity : to)) ?? to;
  const from = sideOf(url.searchParams.get('from'), numbers) ?? before;
  const content = async (side: Side): Promise<ProfileContent> => {
    if (side === 'draft') return edited.draft.content;
    if (side === edited.published?.version) return edited.published.content;
    const reply = await readVersion(edited.slug, side, { fetch });
    return (await valueOrLeave(reply, 'The version could not be read.', url)).content;
  };
  const [one, other] = await Promise.all([content(from), content(to)]);
  return { from, to, before: one, after: other };
}

function sideOf(text: string | null, numbers: readonly number[]): Side | null {
  if (text === 'draft') return 'draft';
  return numbers.find((each) => String(each) === text) ?? null;
}

export const sideLabel = (side: Side): string => (side === 'draft' ? 'the draft' : `version ${side}`);
