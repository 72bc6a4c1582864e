import { Hono } from 'hono';
import type { Context } from 'hono';
import { editedProfile, usesOfProfile, versionOf, versionsOf } from '../../database/edited-profiles.ts';
import type { EditedProfile } from '../../database/edited-profiles.ts';
import { httpToolNames } from '../../database/http-tools.ts';
import type { Editor } from '../../database/profile-edits.ts';
import * as edits from '../../database/profile-edits.ts';
import { allProfiles, contentText, exampleNamed } from '../../database/profiles.ts';
import { problemsOf } from '../../domain/profile/problems.ts';
import type { ProfileProblem } from '../../domain/profile/problems.ts';
import type { AuditAction } from '../../protocol/api/audit.ts';
import type { ReplyOf, Sendable } from '../../protocol/api/contract.ts';
import * as contracts from '../../protocol/api/profiles.ts';
import { ownName } from '../access/principal.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOfChange } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

/** All of them are one list: they stay few. */
const MOST_PROFILES = 200;

export const profileRoutes = new Hono<AppEnv>();

type Edited = Sendable<ReplyOf<typeof contracts.getDraft>>;

export const noSuchAgent = (c: Context<AppEnv>): Response =>
  refuse(c, 'profile_unknown', 'There is no such agent.');

/** What people choose from; instructions stay here. */
serve(profileRoutes, contracts.listProfiles, async (c, { query }) => {
  const every = await allProfiles(c.env.DB);
  const listed = every.filter(
    (each) => query.all !== undefined || (each.publishedVersion !== null && !each.archived),
  );
  return {
    profiles: mayRead(c) ? listed : listed.map((each) => ({ ...each, lastPublished: null })),
  };
});

serve(profileRoutes, contracts.createProfile, async (c, { body: { slug, content } }) => {
  const taken = (): Response =>
    refuse(c, 'conflict', 'This name is taken.', {
      detail: 'Choose another; names of archived agents stay theirs.',
      errors: [{ field: 'slug', problem: 'taken' }],
    });
  if (slug === 'new' || exampleNamed(slug) !== undefined) return taken();
  if ((await allProfiles(c.env.DB)).length >= MOST_PROFILES) {
    return refuse(c, 'conflict', `There are ${MOST_PROFILES} agents already.`, {
      detail: 'Change one that is there.',
    });
  }
  const added = await edits.addProfile(c.env.DB, slug, content, editorIn(c, 'profile.created', slug));
  if (added) return asItIs(c, slug);
  const there = await editedProfile(c.env.DB, slug);
  // The same again is a retry whose answer was lost.
  const same =
    there !== null &&
    there.draft.revision === 1 &&
    there.published === null &&
    contentText(there.draft.content) === contentText(content);
  return same ? asItIs(c, slug) : taken();
});

serve(profileRoutes, contracts.getDraft, (c, { params: { slug } }) => asItIs(c, slug));

serve(profileRoutes, contracts.saveDraft, async (c, { params: { slug }, body: { revision, content } }) => {
  const before = await editedProfile(c.env.DB, slug);
  if (before === null) return noSuchAgent(c);
  // The same again is a retry whose answer was lost.
  if (contentText(before.draft.content) === contentText(content)) return asItIs(c, slug);
  const editor = editorIn(c, 'profile.draftSaved', slug, changedIn(before.draft.content, content));
  const saved =
    before.draft.revision === revision &&
    (await edits.changeDraft(c.env.DB, slug, revision, content, editor));
  return saved ? asItIs(c, slug) : whyNot(c, slug, revision);
});

serve(profileRoutes, contracts.publishProfile, async (c, { params: { slug }, body: { revision, note } }) => {
  const before = await editedProfile(c.env.DB, slug);
  if (before === null) return noSuchAgent(c);
  const refusal = await unlessReady(c, before, revision);
  if (refusal !== null) return refusal;
  // It is published already: the same again changes nothing.
  if (!before.draftDiffers) return asItIs(c, slug);
  const detail = `version ${1 + (before.published?.version ?? 0)}`;
  const editor = editorIn(c, 'profile.published', slug, detail);
  const published = await edits.publishDraft(c.env.DB, slug, revision, note.trim(), editor);
  return published ? asItIs(c, slug) : whyNot(c, slug, revision);
});

serve(profileRoutes, contracts.listVersions, async (c, { params: { slug } }) => {
  const versions = await versionsOf(c.env.DB, slug);
  return versions === null ? noSuchAgent(c) : { versions };
});

serve(profileRoutes, contracts.getVersion, async (c, { params: { slug, version } }) => {
  const found = await versionOf(c.env.DB, slug, Number(version));
  return found ?? refuse(c, 'not_found', 'There is no such version.');
});

serve(profileRoutes, contracts.archiveProfile, async (c, { params: { slug } }) => {
  const before = await editedProfile(c.env.DB, slug);
  if (before === null) return noSuchAgent(c);
  if (before.archivedAtMs !== null) return asItIs(c, slug);
  if (await edits.archiveProfile(c.env.DB, slug, editorIn(c, 'profile.archived', slug)))
    return asItIs(c, slug);
  const { lines, campaigns } = await usesOfProfile(c.env.DB, slug);
  const users = [
    ...lines.map(({ phone, label }) => `the number ${phone}${label === '' ? '' : ` (${label})`}`),
    ...campaigns.map(({ name }) => `the campaign ${name}`),
  ];
  return refuse(c, 'conflict', 'It is in use.', {
    detail: `Give another agent to ${users.join(', ')}.`,
    errors: users.map((problem) => ({ field: 'usedBy', problem })),
  });
});

serve(profileRoutes, contracts.unarchiveProfile, async (c, { params: { slug } }) => {
  if ((await editedProfile(c.env.DB, slug)) === null) return noSuchAgent(c);
  await edits.unarchiveProfile(c.env.DB, slug, editorIn(c, 'profile.unarchived', slug));
  return asItIs(c, slug);
});

/** Null: this revision of the draft is the latest, and could work (PROFILE-3, PROFILE-4). */
export async function unlessReady(
  c: Context<AppEnv>,
  profile: EditedProfile,
  revision: number,
): Promise<Response | null> {
  if (profile.archivedAtMs !== null) return archived(c);
  if (profile.draft.revision !== revision) return changedMeanwhile(c, profile);
  const problems = problemsOf(profile.draft.content, await httpToolNames(c.env.DB));
  return problems.length === 0 ? null : cannotWork(c, problems);
}

async function asItIs(c: Context<AppEnv>, slug: string): Promise<Edited | Response> {
  const profile = await editedProfile(c.env.DB, slug);
  if (profile === null) return noSuchAgent(c);
  const [tools, usedBy] = await Promise.all([httpToolNames(c.env.DB), usesOfProfile(c.env.DB, slug)]);
  return { ...profile, problems: problemsOf(profile.draft.content, tools), usedBy };
}

/** Somebody was faster than the statement: what stands now says why it changed nothing. */
async function whyNot(c: Context<AppEnv>, slug: string, revision: number): Promise<Edited | Response> {
  const now = await editedProfile(c.env.DB, slug);
  if (now === null) return noSuchAgent(c);
  return (
    (await unlessReady(c, now, revision)) ?? (now.draftDiffers ? changedMeanwhile(c, now) : asItIs(c, slug))
  );
}

const archived = (c: Context<AppEnv>): Response =>
  refuse(c, 'conflict', 'It is archived.', { detail: 'Bring it back first.' });

const changedMeanwhile = (c: Context<AppEnv>, { draft }: EditedProfile): Response =>
  refuse(c, 'conflict', `${draft.byName ?? 'Somebody'} saved another draft meanwhile.`, {
    detail: 'Compare it with yours, then save what is to stand.',
    errors: [{ field: 'revision', problem: `it is at ${draft.revision}` }],
  });

const cannotWork = (c: Context<AppEnv>, problems: readonly ProfileProblem[]): Response =>
  refuse(c, 'profile_cannot_work', 'It could not work like this.', {
    detail: problems.map((each) => each.message).join(' '),
    errors: problems.map((each) => ({ field: each.field, problem: `${each.code}: ${each.message}` })),
  });

function editorIn(c: Context<AppEnv>, action: AuditAction, slug: string, detail?: string): Editor {
  const principal = c.get('principal');
  const name = ownName(principal) ?? principal.kind;
  const done = { subject: `profile:${slug}`, ...(detail === undefined ? {} : { detail }) };
  return { name, nowMs: Date.now(), audit: auditOfChange(c, action, done) };
}

/** Names of the fields alone: what an agent is told is not for the log. */
const changedIn = <Content extends object>(before: Content, after: Content): string =>
  (Object.keys(after) as (keyof Content & string)[])
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .join(', ');

/** Who changed an agent last is for those who steer. */
function mayRead(c: Context<AppEnv>): boolean {
  const principal = c.get('principal');
  return principal.kind === 'user'
    ? principal.role === 'admin' || principal.role === 'supervisor'
    : principal.kind === 'apiKey' && principal.scopes.includes('profiles:read');
}
