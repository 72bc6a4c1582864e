import { sql } from 'drizzle-orm';
import {
  check,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';

/** Campaigns as their people set them. What they are doing now is their `CampaignDialer`'s. Times are epoch ms. */
export const campaigns = sqliteTable(
  'campaigns',
  {
    /** UUIDv7: its order is that of creation. */
    campaignId: text('campaign_id').primaryKey(),
    name: text('name').notNull(),
    status: text('status', {
      enum: ['draft', 'scheduled', 'running', 'paused', 'stopped', 'finished'],
    }).notNull(),
    pausedBecause: text('paused_because', { enum: ['byPerson', 'abandonBrake', 'budget'] }),
    /** `CampaignSettings` as JSON. */
    settings: text('settings').notNull(),
    version: integer('version').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    startsAtMs: integer('starts_at_ms'),
    startedAtMs: integer('started_at_ms'),
    endedAtMs: integer('ended_at_ms'),
    archivedAtMs: integer('archived_at_ms'),
  },
  (table) => [
    check(
      'campaigns_status',
      sql`${table.status} in ('draft', 'scheduled', 'running', 'paused', 'stopped', 'finished')`,
    ),
    check('campaigns_paused', sql`(${table.status} = 'paused') = (${table.pausedBecause} is not null)`),
    check('campaigns_scheduled', sql`(${table.status} = 'scheduled') = (${table.startsAtMs} is not null)`),
  ],
);

/** Whom campaigns are to call. */
export const leads = sqliteTable(
  'leads',
  {
    /** UUIDv7: its order is that of import. */
    leadId: text('lead_id').primaryKey(),
    campaignId: text('campaign_id')
      .notNull()
      .references(() => campaigns.campaignId),
    /** E.164. */
    phone: text('phone').notNull(),
    name: text('name'),
    email: text('email'),
    zone: text('zone'),
    postalCode: text('postal_code'),
    /** Other columns as a JSON object of strings. */
    fields: text('fields').notNull(),
    consent: text('consent'),
    status: text('status', {
      enum: ['waiting', 'dialling', 'reached', 'exhausted', 'unreachable', 'doNotCall', 'withdrawn'],
    }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAtMs: integer('next_attempt_at_ms').notNull().default(0),
    callBackAtMs: integer('call_back_at_ms'),
    lastOutcome: text('last_outcome'),
    lastCallId: text('last_call_id'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('leads_number').on(table.campaignId, table.phone),
    /** The dialer's queue, and counts by status. */
    index('leads_due').on(table.campaignId, table.status, table.nextAttemptAtMs),
    /** Who is calling, and duplicates in other campaigns. */
    index('leads_by_phone').on(table.phone),
    check(
      'leads_status',
      sql`${table.status} in ('waiting', 'dialling', 'reached', 'exhausted', 'unreachable', 'doNotCall', 'withdrawn')`,
    ),
    check('leads_fields', sql`json_type(${table.fields}) = 'object'`),
    check('leads_phone', sql`${table.phone} glob '+[1-9]*'`),
  ],
);

/** Numbers that are never dialled, whoever asks. */
export const suppressions = sqliteTable(
  'suppressions',
  {
    /** E.164. */
    phone: text('phone').primaryKey(),
    source: text('source', { enum: ['person', 'import', 'call'] }).notNull(),
    reason: text('reason').notNull(),
    /** Who, as the audit log names them. */
    addedBy: text('added_by').notNull(),
    /** The call in which it was asked for. */
    callId: text('call_id'),
    addedAtMs: integer('added_at_ms').notNull(),
  },
  (table) => [
    index('suppressions_by_time').on(table.addedAtMs, table.phone),
    check('suppressions_source', sql`${table.source} in ('person', 'import', 'call')`),
    check('suppressions_phone', sql`${table.phone} glob '+[1-9]*'`),
  ],
);

/**
 * Every dial there ever was. Written, in one statement with all its conditions, before anything rings (DIAL-1); a row
 * without an end is a slot taken. The table itself refuses a second live dial of one number.
 */
export const dials = sqliteTable(
  'dials',
  {
    callId: text('call_id').primaryKey(),
    /** Null: by hand. */
    campaignId: text('campaign_id'),
    leadId: text('lead_id'),
    phone: text('phone').notNull(),
    carrierId: text('carrier_id').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    /** When it was let ring (DIAL-9); null: nobody was rung. */
    rungAtMs: integer('rung_at_ms'),
    /** When somebody, or a machine, was first there. */
    answeredAtMs: integer('answered_at_ms'),
    endedAtMs: integer('ended_at_ms'),
    /** The call's outcome. */
    outcome: text('outcome'),
  },
  (table) => [
    uniqueIndex('dials_one_a_number')
      .on(table.phone)
      .where(sql`ended_at_ms is null`),
    index('dials_live')
      .on(table.campaignId, table.callId)
      .where(sql`ended_at_ms is null`),
    /** Caps: calls of a number in the last 24 hours, and ever. */
    index('dials_by_phone').on(table.phone, table.startedAtMs),
    /** Pace, and the abandon brake. */
    index('dials_by_start').on(table.startedAtMs, table.campaignId),
    index('dials_by_lead').on(table.leadId, table.startedAtMs),
    /** A campaign's own pace, and its outcomes. */
    index('dials_by_campaign').on(table.campaignId, table.startedAtMs),
    /** Pace at which telephones ring. */
    index('dials_by_ring')
      .on(table.rungAtMs)
      .where(sql`rung_at_ms is not null`),
    check('dials_end', sql`(${table.endedAtMs} is null) = (${table.outcome} is null)`),
  ],
);

/** Why numbers were dialled, and why not: append-only, chained (`domain/dial/decision.ts`). */
export const decisions = sqliteTable(
  'decisions',
  {
    /** A campaign's id, or `manual`. */
    chain: text('chain').notNull(),
    seq: integer('seq').notNull(),
    atMs: integer('at_ms').notNull(),
    leadId: text('lead_id'),
    callId: text('call_id'),
    verdict: text('verdict', { enum: ['allowed', 'refused'] }).notNull(),
    refusal: text('refusal'),
    /** `DialDecision` as JSON. */
    record: text('record').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chain, table.seq] }),
    index('decisions_by_lead').on(table.leadId, table.atMs),
    index('decisions_by_call').on(table.callId),
    check('decisions_verdict', sql`(${table.verdict} = 'allowed') = (${table.refusal} is null)`),
  ],
);

/** Files of leads, or of numbers not to be called, on their way in. */
export const imports = sqliteTable(
  'imports',
  {
    importId: text('import_id').primaryKey(),
    kind: text('kind', { enum: ['leads', 'suppressions'] }).notNull(),
    campaignId: text('campaign_id').references(() => campaigns.campaignId),
    fileName: text('file_name').notNull(),
    fileBytes: integer('file_bytes').notNull(),
    /** Names the file: who comes back with the same one goes on where it stopped. */
    fingerprint: text('fingerprint').notNull(),
    /** Which column means what, as JSON. */
    mapping: text('mapping').notNull(),
    status: text('status', { enum: ['running', 'done', 'cancelled'] }).notNull(),
    /** Chunks taken so far: the number of the next one. */
    nextChunk: integer('next_chunk').notNull().default(0),
    rows: integer('rows').notNull().default(0),
    imported: integer('imported').notNull().default(0),
    duplicates: integer('duplicates').notNull().default(0),
    /** Known to another campaign as well: imported all the same, and said. */
    elsewhere: integer('elsewhere').notNull().default(0),
    suppressed: integer('suppressed').notNull().default(0),
    rejected: integer('rejected').notNull().default(0),
    withoutZone: integer('without_zone').notNull().default(0),
    createdBy: text('created_by').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    changedAtMs: integer('changed_at_ms').notNull(),
  },
  (table) => [
    index('imports_by_campaign').on(table.campaignId, table.importId),
    check('imports_kind', sql`${table.kind} in ('leads', 'suppressions')`),
    check('imports_campaign', sql`(${table.kind} = 'leads') = (${table.campaignId} is not null)`),
    check('imports_status', sql`${table.status} in ('running', 'done', 'cancelled')`),
  ],
);

/** Rows that were not taken, and why: for the file of rejects. */
export const importRejects = sqliteTable(
  'import_rejects',
  {
    importId: text('import_id')
      .notNull()
      .references(() => imports.importId),
    /** Row of the file, from 1 after the heading. */
    row: integer('row').notNull(),
    code: text('code').notNull(),
    detail: text('detail').notNull(),
    /** The row's cells as a JSON list, as they were. */
    cells: text('cells').notNull(),
  },
  (table) => [primaryKey({ columns: [table.importId, table.row] })],
);

/** Ways out and in: a trunk of LiveKit SIP, a Twilio account, or the lab's telephone exchange. */
export const carriers = sqliteTable(
  'carriers',
  {
    carrierId: text('carrier_id').primaryKey(),
    kind: text('kind', { enum: ['lab', 'livekitSip', 'twilio'] }).notNull(),
    name: text('name').notNull(),
    /** By kind, as JSON: a trunk's id; never a secret. */
    settings: text('settings').notNull(),
    callsPerSecond: real('calls_per_second').notNull(),
    concurrency: integer('concurrency').notNull(),
    enabled: integer('enabled', { mode: 'boolean' }).notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [check('carriers_kind', sql`${table.kind} in ('lab', 'livekitSip', 'twilio')`)],
);

/** Our own numbers: who calls one talks with its profile. */
export const lines = sqliteTable('lines', {
  /** E.164. */
  phone: text('phone').primaryKey(),
  carrierId: text('carrier_id')
    .notNull()
    .references(() => carriers.carrierId),
  label: text('label').notNull(),
  /** Slug; null: nobody answers it. */
  profile: text('profile'),
  /** LiveKit's dispatch rule for it. */
  ruleId: text('rule_id'),
  createdAtMs: integer('created_at_ms').notNull(),
});

/** What all campaigns together may do: one row. */
export const dialLimits = sqliteTable(
  'dial_limits',
  {
    one: integer('one').primaryKey(),
    concurrency: integer('concurrency').notNull(),
    callsPerSecond: real('calls_per_second').notNull(),
  },
  (table) => [check('dial_limits_one', sql`${table.one} = 1`)],
);
