import * as z from 'zod/mini';
import { exampleProfiles } from '../domain/profile/examples.ts';
import type { Profile, PublishedProfile } from '../domain/profile/profile.ts';
import type { ProfileContent } from '../protocol/profile.ts';
import { ProfileContentSchema } from '../protocol/profile.ts';

/** The profile whoever calls by its name gets; null: there is none, nothing was published, or it is archived. */
export async function profileNamed(database: D1Database, slug: string): Promise<PublishedProfile | null> {
  return read(database, slug, 'AND archived_at_ms IS NULL');
}

/** What goes on running with a profile that was archived since: its campaigns and numbers. */
export async function profileInUse(database: D1Database, slug: string): Promise<PublishedProfile | null> {
  return read(database, slug, '');
}

async function read(database: D1Database, slug: string, condition: string): Promise<PublishedProfile | null> {
  const row = await database
    .prepare(
      `SELECT version, content FROM profiles
       LEFT JOIN profile_versions ON profile_versions.slug = profiles.slug AND version = published_version ${condition}
       WHERE profiles.slug = ?1`,
    )
    .bind(slug)
    .first<{ version: number | null; content: string | null }>();
  if (row === null) {
    const profile = exampleNamed(slug);
    return profile === undefined ? null : { profile, version: 1 };
  }
  if (row.version === null || row.content === null) return null;
  return { profile: { slug, ...contentOf(row.content) }, version: row.version };
}

export const exampleNamed = (slug: string): Profile | undefined =>
  exampleProfiles.find((each) => each.slug === slug);

/** Content as the tables have it. */
export const contentOf = (text: string): ProfileContent => z.parse(ProfileContentSchema, JSON.parse(text));

/** In the schema's order: equal contents are equal texts. */
export const contentText = (content: unknown): string =>
  JSON.stringify(z.parse(ProfileContentSchema, content));

/** An example of the code's as content. */
export function shippedContent({ slug: _slug, ...content }: Profile): ProfileContent {
  return z.parse(ProfileContentSchema, content);
}

/** Who did something, and when; both null for what came with Earshot. */
export interface Saved {
  readonly atMs: number | null;
  readonly byName: string | null;
}
/** The tables write 0 and '' for what came with Earshot. */
export const savedOf = (atMs: number, byName: string): Saved =>
  byName === '' ? { atMs: null, byName: null } : { atMs, byName };

/** One agent of the list. */
export interface ListedProfile {
  readonly slug: string;
  readonly title: string;
  readonly language: string;
  readonly publishedVersion: number | null;
  readonly draftDiffers: boolean;
  readonly archived: boolean;
  readonly lastPublished: Saved | null;
}

/** Every agent by title, those of the code's that nobody touched among them. They are few. */
export async function allProfiles(database: D1Database): Promise<ListedProfile[]> {
  const { results } = await database
    .prepare(
      `SELECT profiles.slug, published_version AS publishedVersion, archived_at_ms AS archivedAtMs,
         json_extract(coalesce(content, draft), '$.title') AS title,
         json_extract(coalesce(content, draft), '$.language') AS language,
         coalesce(draft <> content, 1) AS differs, published_at_ms AS atMs, published_by_name AS byName
       FROM profiles
       LEFT JOIN profile_versions ON profile_versions.slug = profiles.slug AND version = published_version`,
    )
    .all<{
      slug: string;
      publishedVersion: number | null;
      archivedAtMs: number | null;
      title: string;
      language: string;
      differs: number;
      atMs: number | null;
      byName: string | null;
    }>();
  const rows = results.map(({ differs, archivedAtMs, atMs, byName, ...row }): ListedProfile => ({
    ...row,
    draftDiffers: differs === 1,
    archived: archivedAtMs !== null,
    lastPublished: atMs === null || byName === null ? null : savedOf(atMs, byName),
  }));
  const untouched = exampleProfiles
    .filter(({ slug }) => !rows.some((each) => each.slug === slug))
    .map(({ slug, title, language }) => ({
      ...{ slug, title, language, publishedVersion: 1, draftDiffers: false, archived: false },
      lastPublished: { atMs: null, byName: null },
    }));
  return [...rows, ...untouched].sort((a, b) => a.title.localeCompare(b.title, 'en'));
}
