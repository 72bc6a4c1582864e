import type * as z from 'zod/mini';
import type { InvitationSchema } from '../protocol/api/invitations.ts';
import type { NewUser } from './users.ts';
import { passwordRow, sameEmailForm } from './users.ts';
import { cutPage } from './page.ts';

export const INVITATION_GOOD_MS = 7 * 86_400_000;

type Invitation = z.infer<typeof InvitationSchema>;
type Stored = Omit<Invitation, 'state'> & {
  readonly acceptedAtMs: number | null;
  readonly revokedAtMs: number | null;
};

const SELECT = `SELECT invitations.id, invitations.email, invitations.role, user.name AS invitedBy,
  created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs, accepted_at_ms AS acceptedAtMs,
  revoked_at_ms AS revokedAtMs
  FROM invitations JOIN user ON user.id = invitations.invited_by`;

const OPEN = 'accepted_at_ms IS NULL AND revoked_at_ms IS NULL';

/**
 * The new invitation, and the end of earlier ones to the same address. Again with the same id it renews the link: the
 * request was repeated after a crash, and nobody saw the first one.
 */
export function createInvitationStatements(
  database: D1Database,
  made: {
    readonly id: string;
    readonly tokenHash: string;
    readonly email: string;
    readonly role: Invitation['role'];
    readonly invitedBy: string;
    readonly nowMs: number;
  },
): D1PreparedStatement[] {
  const email = sameEmailForm(made.email);
  return [
    database
      .prepare(`UPDATE invitations SET revoked_at_ms = ?2 WHERE email = ?1 AND ${OPEN}`)
      .bind(email, made.nowMs),
    database
      .prepare(
        `INSERT INTO invitations (id, token_hash, email, role, invited_by, created_at_ms, expires_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, revoked_at_ms = NULL`,
      )
      .bind(
        made.id,
        made.tokenHash,
        email,
        made.role,
        made.invitedBy,
        made.nowMs,
        made.nowMs + INVITATION_GOOD_MS,
      ),
  ];
}

/** Newest first; the cursor is the last row's id. */
export async function invitationsPage(
  database: D1Database,
  cursor: string | null,
  limit: number,
  nowMs: number,
): Promise<{ invitations: Invitation[]; nextCursor: string | null }> {
  const { results } = await database
    .prepare(`${SELECT} WHERE invitations.id < ?1 ORDER BY invitations.id DESC LIMIT ?2`)
    .bind(cursor ?? '~', limit + 1)
    .all<Stored>();
  const { page, nextCursor } = cutPage(results, limit, (last) => last.id);
  return { invitations: page.map((row) => withState(row, nowMs)), nextCursor };
}

/** The invitation a link opens, or null when it opens none any more. */
export async function openInvitation(
  database: D1Database,
  tokenHash: string,
  nowMs: number,
): Promise<Invitation | null> {
  const row = await database
    .prepare(`${SELECT} WHERE token_hash = ?1 AND ${OPEN} AND expires_at_ms > ?2`)
    .bind(tokenHash, nowMs)
    .first<Stored>();
  return row === null ? null : withState(row, nowMs);
}

/** Takes an open invitation back. @returns whether there was one. */
export async function revokeInvitation(
  database: D1Database,
  invitationId: string,
  nowMs: number,
): Promise<boolean> {
  const { meta } = await database
    .prepare(`UPDATE invitations SET revoked_at_ms = ?2 WHERE id = ?1 AND ${OPEN}`)
    .bind(invitationId, nowMs)
    .run();
  return meta.changes > 0;
}

/**
 * Uses the link and makes its account. Of two that use it at once one gets no user row, and its password's row fails for
 * want of it: the whole batch is undone.
 */
export function acceptInvitationStatements(
  database: D1Database,
  tokenHash: string,
  user: Omit<NewUser, 'email'>,
  nowMs: number,
): D1PreparedStatement[] {
  return [
    database
      .prepare(
        `UPDATE invitations SET accepted_at_ms = ?3, accepted_by = ?2
         WHERE token_hash = ?1 AND ${OPEN} AND expires_at_ms > ?3`,
      )
      .bind(tokenHash, user.id, nowMs),
    database
      .prepare(
        `INSERT INTO user (id, name, email, emailVerified, role, createdAt, updatedAt)
         SELECT ?2, ?3, email, 1, role, ?4, ?4 FROM invitations WHERE token_hash = ?1 AND accepted_by = ?2`,
      )
      .bind(tokenHash, user.id, user.name, nowMs),
    passwordRow(database, user, nowMs),
  ];
}

function withState({ acceptedAtMs, revokedAtMs, ...row }: Stored, nowMs: number): Invitation {
  const ended = row.expiresAtMs <= nowMs ? 'expired' : 'open';
  return { ...row, state: acceptedAtMs !== null ? 'accepted' : revokedAtMs !== null ? 'revoked' : ended };
}
