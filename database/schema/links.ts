import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { user } from './accounts.ts';

/** One-time links: only a digest of the secret in the link is kept. */
export const invitations = sqliteTable(
  'invitations',
  {
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull(),
    email: text('email').notNull(),
    role: text('role', { enum: ['admin', 'supervisor', 'operator', 'viewer'] }).notNull(),
    invitedBy: text('invited_by')
      .notNull()
      .references(() => user.id),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    acceptedAtMs: integer('accepted_at_ms'),
    /** The account that was made by it. */
    acceptedBy: text('accepted_by'),
    revokedAtMs: integer('revoked_at_ms'),
  },
  (table) => [
    uniqueIndex('invitations_by_token').on(table.tokenHash),
    index('invitations_by_email').on(table.email),
    check('invitations_role', sql`${table.role} in ('admin', 'supervisor', 'operator', 'viewer')`),
    check('invitations_end', sql`${table.acceptedAtMs} is null or ${table.revokedAtMs} is null`),
  ],
);

export const passwordResets = sqliteTable(
  'password_resets',
  {
    tokenHash: text('token_hash').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    createdBy: text('created_by').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    usedAtMs: integer('used_at_ms'),
  },
  (table) => [index('password_resets_by_user').on(table.userId)],
);
