import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** A call as history shows it: a projection of its ledger, rebuilt whole each time (LEDGER-7). Times are epoch ms. */
export const calls = sqliteTable(
  'calls',
  {
    callId: text('call_id').primaryKey(),
    profile: text('profile').notNull(),
    channel: text('channel', { enum: ['web', 'phone', 'lab'] }).notNull(),
    phase: text('phase', { enum: ['requested', 'connecting', 'inProgress', 'ended'] }).notNull(),
    outcome: text('outcome'),
    contactName: text('contact_name'),
    requestedAtMs: integer('requested_at_ms').notNull(),
    answeredAtMs: integer('answered_at_ms'),
    endedAtMs: integer('ended_at_ms'),
    utterances: integer('utterances').notNull(),
    /** The ledger's head this row was made from: an older projection never overwrites a newer one. */
    head: integer('head').notNull(),
    /** The row as `CallSummary` JSON. */
    summary: text('summary').notNull(),
  },
  (table) => [
    index('calls_by_end').on(table.phase, table.endedAtMs, table.callId),
    check('calls_phase', sql`${table.phase} in ('requested', 'connecting', 'inProgress', 'ended')`),
    check('calls_ended', sql`(${table.phase} = 'ended') = (${table.endedAtMs} is not null)`),
    check('calls_outcome', sql`(${table.phase} = 'ended') = (${table.outcome} is not null)`),
  ],
);

/** Final words, in speaking order. */
export const utterances = sqliteTable(
  'utterances',
  {
    callId: text('call_id')
      .notNull()
      .references(() => calls.callId),
    /** The event of the ledger that holds these words. */
    seq: integer('seq').notNull(),
    utteranceId: text('utterance_id').notNull(),
    speaker: text('speaker', { enum: ['customer', 'agent', 'operator'] }).notNull(),
    text: text('text').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    endedAtMs: integer('ended_at_ms').notNull(),
    interrupted: integer('interrupted', { mode: 'boolean' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.callId, table.seq] }),
    check('utterances_speaker', sql`${table.speaker} in ('customer', 'agent', 'operator')`),
    check('utterances_time', sql`${table.endedAtMs} >= ${table.startedAtMs}`),
  ],
);

/** Call backs we promised and have not yet made: a projection, one a call. */
export const callBacks = sqliteTable(
  'call_backs',
  {
    callId: text('call_id')
      .primaryKey()
      .references(() => calls.callId),
    promisedAtMs: integer('promised_at_ms').notNull(),
    /** When someone called back; null while it is owed. */
    settledAtMs: integer('settled_at_ms'),
  },
  (table) => [index('call_backs_owed').on(table.settledAtMs, table.promisedAtMs)],
);

/** The four tables of better-auth, with our role on the user. Column names are the library's. */
export const user = sqliteTable(
  'user',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    email: text('email').notNull().unique(),
    emailVerified: integer('emailVerified', { mode: 'boolean' }).notNull(),
    image: text('image'),
    role: text('role', { enum: ['admin', 'supervisor', 'operator', 'viewer'] })
      .notNull()
      .default('viewer'),
    createdAt: integer('createdAt', { mode: 'timestamp_ms' }).notNull(),
    updatedAt: integer('updatedAt', { mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [check('user_role', sql`${table.role} in ('admin', 'supervisor', 'operator', 'viewer')`)],
);

export const session = sqliteTable(
  'session',
  {
    id: text('id').primaryKey(),
    expiresAt: integer('expiresAt', { mode: 'timestamp_ms' }).notNull(),
    token: text('token').notNull().unique(),
    createdAt: integer('createdAt', { mode: 'timestamp_ms' }).notNull(),
    updatedAt: integer('updatedAt', { mode: 'timestamp_ms' }).notNull(),
    ipAddress: text('ipAddress'),
    userAgent: text('userAgent'),
    userId: text('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
  },
  (table) => [index('session_by_user').on(table.userId)],
);

export const account = sqliteTable(
  'account',
  {
    id: text('id').primaryKey(),
    accountId: text('accountId').notNull(),
    providerId: text('providerId').notNull(),
    userId: text('userId')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    accessToken: text('accessToken'),
    refreshToken: text('refreshToken'),
    idToken: text('idToken'),
    accessTokenExpiresAt: integer('accessTokenExpiresAt', { mode: 'timestamp_ms' }),
    refreshTokenExpiresAt: integer('refreshTokenExpiresAt', { mode: 'timestamp_ms' }),
    scope: text('scope'),
    password: text('password'),
    createdAt: integer('createdAt', { mode: 'timestamp_ms' }).notNull(),
    updatedAt: integer('updatedAt', { mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [uniqueIndex('account_by_provider').on(table.providerId, table.accountId)],
);

export const verification = sqliteTable('verification', {
  id: text('id').primaryKey(),
  identifier: text('identifier').notNull(),
  value: text('value').notNull(),
  expiresAt: integer('expiresAt', { mode: 'timestamp_ms' }).notNull(),
  createdAt: integer('createdAt', { mode: 'timestamp_ms' }),
  updatedAt: integer('updatedAt', { mode: 'timestamp_ms' }),
});
