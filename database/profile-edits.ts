import type { ProfileContent } from '../protocol/profile.ts';
import { FIRST_REVISION, USED_BY_CAMPAIGN, USED_BY_LINE, shippedNote } from './edited-profiles.ts';
import { contentText, exampleNamed, shippedContent } from './profiles.ts';

/** Who changes something, and the statement that records it if the one before it changed anything. */
export interface Editor {
  readonly name: string;
  readonly nowMs: number;
  readonly audit: D1PreparedStatement;
}

/** The first change to an example writes what it was until then: its row, and version 1 (PROFILE-2). */
function shipped(database: D1Database, slug: string): D1PreparedStatement[] {
  const example = exampleNamed(slug);
  if (example === undefined) return [];
  const text = contentText(shippedContent(example));
  return [
    database
      .prepare(
        `INSERT OR IGNORE INTO profile_versions (slug, version, content, published_at_ms, published_by_name, note)
         SELECT ?1, 1, ?2, 0, '', ?3 WHERE NOT EXISTS (SELECT 1 FROM profiles WHERE slug = ?1)`,
      )
      .bind(slug, text, shippedNote),
    database
      .prepare(
        `INSERT OR IGNORE INTO profiles
           (slug, draft, draft_revision, draft_saved_at_ms, draft_saved_by_name, published_version)
         VALUES (?1, ?2, ${FIRST_REVISION}, 0, '', 1)`,
      )
      .bind(slug, text),
  ];
}

/** @returns whether a row came of it: false when the name is taken */
export async function addProfile(
  database: D1Database,
  slug: string,
  content: ProfileContent,
  { name, nowMs, audit }: Editor,
): Promise<boolean> {
  const insert = database
    .prepare(
      `INSERT OR IGNORE INTO profiles (slug, draft, draft_revision, draft_saved_at_ms, draft_saved_by_name)
       VALUES (?1, ?2, ${FIRST_REVISION}, ?3, ?4) RETURNING slug`,
    )
    .bind(slug, contentText(content), nowMs, name);
  const [added] = await database.batch([insert, audit]);
  return (added?.results.length ?? 0) > 0;
}

/** @returns false when it was changed since that revision, or is archived */
export async function changeDraft(
  database: D1Database,
  slug: string,
  revision: number,
  content: ProfileContent,
  { name, nowMs, audit }: Editor,
): Promise<boolean> {
  const change = database
    .prepare(
      `UPDATE profiles SET draft = ?3, draft_revision = draft_revision + 1,
         draft_saved_at_ms = ?4, draft_saved_by_name = ?5
       WHERE slug = ?1 AND draft_revision = ?2 AND archived_at_ms IS NULL RETURNING slug`,
    )
    .bind(slug, revision, contentText(content), nowMs, name);
  return did(database, [...shipped(database, slug), change], [audit]);
}

/**
 * The draft of this revision becomes the next version, in one statement with what it stands on: a tool that was removed
 * since is found (PROFILE-4). @returns false when the draft was changed since, is archived or published, or a tool is gone
 */
export async function publishDraft(
  database: D1Database,
  slug: string,
  revision: number,
  note: string,
  { name, nowMs, audit }: Editor,
): Promise<boolean> {
  const publish = database
    .prepare(
      `INSERT INTO profile_versions (slug, version, content, published_at_ms, published_by_name, note)
       SELECT slug, 1 + coalesce((SELECT max(version) FROM profile_versions WHERE slug = ?1), 0), draft, ?3, ?4, ?5
       FROM profiles
       WHERE slug = ?1 AND draft_revision = ?2 AND archived_at_ms IS NULL
         AND NOT EXISTS (SELECT 1 FROM json_each(draft, '$.httpTools') AS tool
                         WHERE tool.value NOT IN (SELECT name FROM http_tools))
         AND draft IS NOT (SELECT content FROM profile_versions AS latest
                           WHERE latest.slug = ?1 AND latest.version = published_version)
       RETURNING version`,
    )
    .bind(slug, revision, nowMs, name, note);
  const point = database
    .prepare(
      `UPDATE profiles SET published_version = (SELECT max(version) FROM profile_versions WHERE slug = ?1)
       WHERE slug = ?1 AND changes() > 0`,
    )
    .bind(slug);
  return did(database, [...shipped(database, slug), publish], [point, audit]);
}

/** @returns false when it was archived already, or a number or a campaign uses it (PROFILE-6) */
export async function archiveProfile(
  database: D1Database,
  slug: string,
  { nowMs, audit }: Editor,
): Promise<boolean> {
  const archive = database
    .prepare(
      `UPDATE profiles SET archived_at_ms = ?2
       WHERE slug = ?1 AND archived_at_ms IS NULL
         AND NOT EXISTS (${USED_BY_LINE}) AND NOT EXISTS (${USED_BY_CAMPAIGN}) RETURNING slug`,
    )
    .bind(slug, nowMs);
  return did(database, [...shipped(database, slug), archive], [audit]);
}

export async function unarchiveProfile(
  database: D1Database,
  slug: string,
  { audit }: Editor,
): Promise<boolean> {
  const back = database
    .prepare(
      'UPDATE profiles SET archived_at_ms = NULL WHERE slug = ?1 AND archived_at_ms IS NOT NULL RETURNING slug',
    )
    .bind(slug);
  return did(database, [back], [audit]);
}

/** One batch. @returns whether the last of the changes changed anything */
async function did(
  database: D1Database,
  changes: readonly D1PreparedStatement[],
  after: readonly D1PreparedStatement[],
): Promise<boolean> {
  const results = await database.batch([...changes, ...after]);
  return (results[changes.length - 1]?.results.length ?? 0) > 0;
}
