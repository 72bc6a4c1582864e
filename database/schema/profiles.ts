import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Agents as their admins edit them. An example of the code's that nobody touched has no row. Times are epoch ms. */
export const profiles = sqliteTable(
  'profiles',
  {
    slug: text('slug').primaryKey(),
    /** `ProfileContent` as JSON. */
    draft: text('draft').notNull(),
    /** Counts every change of the draft: who edits an older one is told. */
    draftRevision: integer('draft_revision').notNull(),
    draftSavedAtMs: integer('draft_saved_at_ms').notNull(),
    /** As people know them. */
    draftSavedByName: text('draft_saved_by_name').notNull(),
    /** Null until something was published: nobody can call it. */
    publishedVersion: integer('published_version'),
    archivedAtMs: integer('archived_at_ms'),
  },
  (table) => [check('profiles_draft', sql`json_type(${table.draft}) = 'object'`)],
);

/** What was published, for good. */
export const profileVersions = sqliteTable(
  'profile_versions',
  {
    slug: text('slug').notNull(),
    /** From 1. */
    version: integer('version').notNull(),
    content: text('content').notNull(),
    publishedAtMs: integer('published_at_ms').notNull(),
    publishedByName: text('published_by_name').notNull(),
    /** What its publisher says has changed. */
    note: text('note').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.slug, table.version] }),
    check('profile_versions_content', sql`json_type(${table.content}) = 'object'`),
  ],
);

/** Tools that admins define: a request to an https address. */
export const httpTools = sqliteTable(
  'http_tools',
  {
    name: text('name').primaryKey(),
    description: text('description').notNull(),
    method: text('method', { enum: ['GET', 'POST'] }).notNull(),
    url: text('url').notNull(),
    /** JSON Schema of an object. */
    parameters: text('parameters').notNull(),
    /** A JSON object; `{{secret.NAME}}` in a value stands for the setting `TOOL_SECRET_NAME`. */
    headers: text('headers').notNull(),
    timeoutMs: integer('timeout_ms').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    check('http_tools_parameters', sql`json_type(${table.parameters}) = 'object'`),
    check('http_tools_headers', sql`json_type(${table.headers}) = 'object'`),
  ],
);

/** Vehicles that agents look up. */
export const vehicles = sqliteTable('vehicles', {
  /** 17 characters in upper case, check digit verified. */
  vin: text('vin').primaryKey(),
  make: text('make').notNull(),
  model: text('model').notNull(),
  year: integer('year').notNull(),
  color: text('color'),
  /** Whole US dollars. */
  price: integer('price'),
  note: text('note'),
  createdAtMs: integer('created_at_ms').notNull(),
  /** Null: a person did. */
  createdInCall: text('created_in_call'),
});

/** Who asked for which vehicle. */
export const vehicleLookups = sqliteTable(
  'vehicle_lookups',
  {
    callId: text('call_id').notNull(),
    vin: text('vin').notNull(),
    found: integer('found', { mode: 'boolean' }).notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.callId, table.vin] }),
    index('lookups_of_vehicle').on(table.vin, table.atMs),
  ],
);

/** Conversations a profile is tried with: what the customer says, and what must come of it. */
export const scenarios = sqliteTable(
  'scenarios',
  {
    /** UUIDv7. */
    scenarioId: text('scenario_id').primaryKey(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    /** The domain's `Scenario` as JSON. */
    scenario: text('scenario').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** The call it was made from. */
    fromCall: text('from_call'),
  },
  (table) => [
    index('scenarios_of_profile').on(table.slug, table.scenarioId),
    check('scenarios_scenario', sql`json_type(${table.scenario}) = 'object'`),
  ],
);

/** Each try of a scenario is a call of its own; this says which, and what came of it. */
export const scenarioRuns = sqliteTable(
  'scenario_runs',
  {
    callId: text('call_id').primaryKey(),
    scenarioId: text('scenario_id')
      .notNull()
      .references(() => scenarios.scenarioId, { onDelete: 'cascade' }),
    /** 0: the draft. */
    version: integer('version').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    endedAtMs: integer('ended_at_ms'),
    /** The domain's `ScenarioVerdict` as JSON; null while it runs. */
    verdict: text('verdict'),
  },
  (table) => [index('runs_of_scenario').on(table.scenarioId, table.startedAtMs)],
);
