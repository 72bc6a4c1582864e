import type { ProfileContent } from '../protocol/profile.ts';
import type { Saved } from './profiles.ts';
import { contentOf, exampleNamed, savedOf, shippedContent } from './profiles.ts';

/** The latest versions of one agent that are listed. */
const LISTED_VERSIONS = 200;

/** What was published once. */
export interface VersionHead extends Saved {
  readonly version: number;
  readonly note: string;
}
export interface Version extends VersionHead {
  readonly content: ProfileContent;
}

/** An agent as it is edited. */
export interface EditedProfile {
  readonly slug: string;
  readonly draft: Saved & { readonly content: ProfileContent; readonly revision: number };
  readonly published: Version | null;
  readonly draftDiffers: boolean;
  readonly archivedAtMs: number | null;
}

/** The example's own: the draft that nobody changed yet. */
export const FIRST_REVISION = 1;
export const shippedNote = '';
const SHIPPED: Saved = { atMs: null, byName: null };

interface Row {
  readonly draft: string;
  readonly revision: number;
  readonly savedAtMs: number;
  readonly savedByName: string;
  readonly archivedAtMs: number | null;
  readonly version: number | null;
  readonly content: string | null;
  readonly atMs: number | null;
  readonly byName: string | null;
  readonly note: string | null;
}

/** Null: there is no such agent, neither in the tables nor among the examples. */
export async function editedProfile(database: D1Database, slug: string): Promise<EditedProfile | null> {
  const row = await database
    .prepare(
      `SELECT draft, draft_revision AS revision, draft_saved_at_ms AS savedAtMs,
         draft_saved_by_name AS savedByName, archived_at_ms AS archivedAtMs, version, content,
         published_at_ms AS atMs, published_by_name AS byName, note
       FROM profiles
       LEFT JOIN profile_versions ON profile_versions.slug = profiles.slug AND version = published_version
       WHERE profiles.slug = ?1`,
    )
    .bind(slug)
    .first<Row>();
  return row === null ? untouched(slug) : editedOf(slug, row);
}

function editedOf(slug: string, row: Row): EditedProfile {
  const { version, content, atMs, byName, note } = row;
  const published =
    version === null || content === null || atMs === null || byName === null
      ? null
      : { version, content: contentOf(content), note: note ?? '', ...savedOf(atMs, byName) };
  return {
    slug,
    draft: {
      content: contentOf(row.draft),
      revision: row.revision,
      ...savedOf(row.savedAtMs, row.savedByName),
    },
    published,
    draftDiffers: row.draft !== content,
    archivedAtMs: row.archivedAtMs,
  };
}

function untouched(slug: string): EditedProfile | null {
  const example = exampleNamed(slug);
  if (example === undefined) return null;
  const content = shippedContent(example);
  return {
    slug,
    draft: { content, revision: FIRST_REVISION, ...SHIPPED },
    published: { version: 1, content, note: shippedNote, ...SHIPPED },
    draftDiffers: false,
    archivedAtMs: null,
  };
}

/** Newest first. @returns null when there is no such agent */
export async function versionsOf(database: D1Database, slug: string): Promise<VersionHead[] | null> {
  const { results } = await database
    .prepare(
      `SELECT version, published_at_ms AS atMs, published_by_name AS byName, note
       FROM profile_versions WHERE slug = ?1 ORDER BY version DESC LIMIT ${LISTED_VERSIONS}`,
    )
    .bind(slug)
    .all<{ version: number; atMs: number; byName: string; note: string }>();
  if (results.length > 0)
    return results.map(({ version, note, atMs, byName }) => ({ version, note, ...savedOf(atMs, byName) }));
  const profile = await editedProfile(database, slug);
  if (profile === null) return null;
  return profile.published === null ? [] : [profile.published];
}

export async function versionOf(
  database: D1Database,
  slug: string,
  version: number,
): Promise<Version | null> {
  const row = await database
    .prepare(
      `SELECT content, published_at_ms AS atMs, published_by_name AS byName, note
       FROM profile_versions WHERE slug = ?1 AND version = ?2`,
    )
    .bind(slug, version)
    .first<{ content: string; atMs: number; byName: string; note: string }>();
  if (row !== null) {
    const { content, note, atMs, byName } = row;
    return { version, content: contentOf(content), note, ...savedOf(atMs, byName) };
  }
  // A row of its own has all of its versions.
  const published = (await editedProfile(database, slug))?.published ?? null;
  return published?.version === version ? published : null;
}

/** Who would be left without an agent: numbers that it answers, campaigns that are to call with it or do. */
export interface ProfileUses {
  readonly lines: readonly { readonly phone: string; readonly label: string }[];
  readonly campaigns: readonly { readonly campaignId: string; readonly name: string }[];
}

/** As a condition of SQL on the agent `?1`. */
export const USED_BY_LINE = 'SELECT 1 FROM lines WHERE profile = ?1';
export const USED_BY_CAMPAIGN = `SELECT 1 FROM campaigns WHERE json_extract(settings, '$.profile') = ?1
  AND status IN ('scheduled', 'running', 'paused')`;

export async function usesOfProfile(database: D1Database, slug: string): Promise<ProfileUses> {
  const named = (sql: string): D1PreparedStatement => database.prepare(sql).bind(slug);
  const [lines, campaigns] = await database.batch([
    named(`${USED_BY_LINE.replace('1', 'phone, label')} ORDER BY phone`),
    named(`${USED_BY_CAMPAIGN.replace('1', 'campaign_id AS campaignId, name')} ORDER BY name`),
  ]);
  return {
    lines: (lines?.results ?? []) as ProfileUses['lines'],
    campaigns: (campaigns?.results ?? []) as ProfileUses['campaigns'],
  };
}
