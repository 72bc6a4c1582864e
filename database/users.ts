import type { UserRow } from '../protocol/api/users.ts';
import { endSessionsStatement } from './sessions.ts';
import { cutPage } from './page.ts';

const COLUMNS = 'id, name, email, role, createdAt AS createdAtMs, disabledAtMs';

export interface NewUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
}

/** How addresses are compared: the auth library does the same when somebody signs in. */
export const sameEmailForm = (email: string): string => email.toLowerCase();

export async function userById(database: D1Database, userId: string): Promise<UserRow | null> {
  return database.prepare(`SELECT ${COLUMNS} FROM user WHERE id = ?1`).bind(userId).first<UserRow>();
}

export async function userByEmail(database: D1Database, email: string): Promise<UserRow | null> {
  return database
    .prepare(`SELECT ${COLUMNS} FROM user WHERE email = ?1`)
    .bind(sameEmailForm(email))
    .first<UserRow>();
}

export async function anyUser(database: D1Database): Promise<boolean> {
  return (await database.prepare('SELECT 1 FROM user LIMIT 1').first()) !== null;
}

/** Oldest account first. The cursor is the last row's age and id. */
export async function usersPage(
  database: D1Database,
  cursor: { readonly createdAtMs: number; readonly id: string } | null,
  limit: number,
): Promise<{ users: UserRow[]; nextCursor: string | null }> {
  const { results } = await database
    .prepare(`SELECT ${COLUMNS} FROM user WHERE (createdAt, id) > (?1, ?2) ORDER BY createdAt, id LIMIT ?3`)
    .bind(cursor?.createdAtMs ?? -1, cursor?.id ?? '', limit + 1)
    .all<UserRow>();
  const { page, nextCursor } = cutPage(results, limit, (last) => `${last.createdAtMs}.${last.id}`);
  return { users: page, nextCursor };
}

export function parseUserCursor(cursor: string): { createdAtMs: number; id: string } | null {
  const match = /^(\d{1,15})\.([\w-]{1,64})$/.exec(cursor);
  return match ? { createdAtMs: Number(match[1]), id: match[2] as string } : null;
}

/** The first account, an admin's, while there is none. Its password's row fails for want of it when there is one. */
export function firstUserStatements(
  database: D1Database,
  user: NewUser,
  nowMs: number,
): D1PreparedStatement[] {
  return [
    database
      .prepare(
        `INSERT INTO user (id, name, email, emailVerified, role, createdAt, updatedAt)
         SELECT ?1, ?2, ?3, 1, 'admin', ?4, ?4 WHERE NOT EXISTS (SELECT 1 FROM user)`,
      )
      .bind(user.id, user.name, sameEmailForm(user.email), nowMs),
    passwordRow(database, user, nowMs),
  ];
}

/** The password of a user made in the same batch. Without that user the batch fails as a whole. */
export function passwordRow(
  database: D1Database,
  user: Pick<NewUser, 'id' | 'passwordHash'>,
  nowMs: number,
): D1PreparedStatement {
  return database
    .prepare(
      `INSERT INTO account (id, accountId, providerId, userId, password, createdAt, updatedAt)
       VALUES (?1, ?2, 'credential', ?2, ?3, ?4, ?4)`,
    )
    .bind(crypto.randomUUID(), user.id, user.passwordHash, nowMs);
}

/** A role's change and the end of the sessions that had the old one. A trigger refuses it to the last active admin. */
export function changeRoleStatements(
  database: D1Database,
  userId: string,
  role: UserRow['role'],
  nowMs: number,
): D1PreparedStatement[] {
  return [
    database.prepare('UPDATE user SET role = ?2, updatedAt = ?3 WHERE id = ?1').bind(userId, role, nowMs),
    endSessionsStatement(database, userId),
  ];
}

/** Both ways end the sessions: one opened in the moment of disabling must not come alive again. */
export function setDisabledStatements(
  database: D1Database,
  userId: string,
  disabledAtMs: number | null,
  nowMs: number,
): D1PreparedStatement[] {
  return [
    database
      .prepare('UPDATE user SET disabledAtMs = ?2, updatedAt = ?3 WHERE id = ?1')
      .bind(userId, disabledAtMs, nowMs),
    endSessionsStatement(database, userId),
  ];
}

export function renameStatement(database: D1Database, userId: string, name: string, nowMs: number) {
  return database
    .prepare('UPDATE user SET name = ?2, updatedAt = ?3 WHERE id = ?1')
    .bind(userId, name, nowMs);
}

export async function passwordHashOf(database: D1Database, userId: string): Promise<string | null> {
  const row = await database
    .prepare("SELECT password FROM account WHERE userId = ?1 AND providerId = 'credential'")
    .bind(userId)
    .first<{ password: string | null }>();
  return row?.password ?? null;
}

export function setPasswordStatement(database: D1Database, userId: string, hash: string, nowMs: number) {
  return database
    .prepare(
      "UPDATE account SET password = ?2, updatedAt = ?3 WHERE userId = ?1 AND providerId = 'credential'",
    )
    .bind(userId, hash, nowMs);
}
