import { uuidv7 } from 'uuidv7';

/** A request that has not finished after this long died with its isolate: the next one takes over. */
const ABANDONED_AFTER_MS = 60_000;
/** How long an answer is kept to be given again. */
export const IDEMPOTENCY_KEPT_MS = 24 * 3_600_000;

export type Claim =
  | { readonly state: 'claimed'; readonly bodyHash: string; readonly newId: string }
  | { readonly state: 'running'; readonly bodyHash: string }
  | {
      readonly state: 'done';
      readonly bodyHash: string;
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    };

interface Row {
  readonly body_hash: string;
  readonly new_id: string;
  readonly claimed_at_ms: number;
  readonly status: number | null;
  readonly content_type: string | null;
  readonly body: string | null;
}

/**
 * Takes the key for this request, or says who has it. `newId` is the id of what is to be made: the same for every
 * attempt with this key.
 */
export async function claimKey(
  database: D1Database,
  asked: { readonly name: string; readonly bodyHash: string; readonly nowMs: number },
): Promise<Claim> {
  const { name, bodyHash, nowMs } = asked;
  const made = await database
    .prepare(
      `INSERT INTO idempotency_keys (name, body_hash, new_id, claimed_at_ms) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (name) DO UPDATE SET claimed_at_ms = ?4
         WHERE status IS NULL AND body_hash = ?2 AND claimed_at_ms < ?4 - ${ABANDONED_AFTER_MS}
       RETURNING new_id`,
    )
    .bind(name, bodyHash, uuidv7(), nowMs)
    .first<{ new_id: string }>();
  if (made !== null) return { state: 'claimed', bodyHash, newId: made.new_id };
  const row = await database
    .prepare('SELECT * FROM idempotency_keys WHERE name = ?1')
    .bind(name)
    .first<Row>();
  // Forgotten between the two statements: whoever ran it failed, and this one may try.
  if (row === null) return claimKey(database, asked);
  if (row.status === null) return { state: 'running', bodyHash: row.body_hash };
  return {
    state: 'done',
    bodyHash: row.body_hash,
    status: row.status,
    contentType: row.content_type ?? 'application/json',
    body: row.body ?? '',
  };
}

export async function finishKey(
  database: D1Database,
  name: string,
  answer: { readonly status: number; readonly contentType: string; readonly body: string },
): Promise<void> {
  await database
    .prepare('UPDATE idempotency_keys SET status = ?2, content_type = ?3, body = ?4 WHERE name = ?1')
    .bind(name, answer.status, answer.contentType, answer.body)
    .run();
}

export async function forgetKey(database: D1Database, name: string): Promise<void> {
  await database.prepare('DELETE FROM idempotency_keys WHERE name = ?1').bind(name).run();
}

/** Answers to whoever made this thing: they may hold a token with a person's name. */
export async function forgetAnswersOf(database: D1Database, newId: string): Promise<void> {
  await database.prepare('DELETE FROM idempotency_keys WHERE new_id = ?1').bind(newId).run();
}

/** Part of the daily job. */
export async function forgetOldKeys(database: D1Database, nowMs: number): Promise<void> {
  await database
    .prepare('DELETE FROM idempotency_keys WHERE claimed_at_ms < ?1')
    .bind(nowMs - IDEMPOTENCY_KEPT_MS)
    .run();
}
