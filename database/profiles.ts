import * as z from 'zod/mini';
import { exampleProfiles } from '../domain/profile/examples.ts';
import type { PublishedProfile } from '../domain/profile/profile.ts';
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
    const profile = exampleProfiles.find((each) => each.slug === slug);
    return profile === undefined ? null : { profile, version: 1 };
  }
  if (row.version === null || row.content === null) return null;
  return {
    profile: { slug, ...z.parse(ProfileContentSchema, JSON.parse(row.content)) },
    version: row.version,
  };
}
