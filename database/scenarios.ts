import * as z from 'zod/mini';
import type { Scenario, ScenarioVerdict } from '../domain/scene/scenario.ts';
import { ScenarioSchema, ScenarioVerdictSchema } from '../protocol/scenario.ts';

export interface ScenarioRun {
  readonly callId: string;
  readonly version: number;
  readonly startedAtMs: number;
  readonly verdict: ScenarioVerdict | null;
}
export interface StoredScenario {
  readonly scenarioId: string;
  readonly slug: string;
  readonly scenario: Scenario;
  readonly fromCall: string | null;
  readonly createdAtMs: number;
  readonly lastRun: ScenarioRun | null;
}

/** How many tries of a scenario are shown. */
const RUNS = 20;

interface RunRow {
  readonly callId: string;
  readonly version: number;
  readonly startedAtMs: number;
  readonly verdict: string | null;
}
interface Row {
  readonly scenarioId: string;
  readonly slug: string;
  readonly scenario: string;
  readonly fromCall: string | null;
  readonly createdAtMs: number;
  /** `RunRow` as JSON. */
  readonly lastRun: string | null;
}

const COLUMNS = `s.scenario_id AS scenarioId, s.slug, s.scenario, s.from_call AS fromCall, s.created_at_ms AS createdAtMs,
  (SELECT json_object('callId', r.call_id, 'version', r.version, 'startedAtMs', r.started_at_ms, 'verdict', r.verdict)
   FROM scenario_runs r WHERE r.scenario_id = s.scenario_id ORDER BY r.started_at_ms DESC LIMIT 1) AS lastRun`;

const runOfRow = (row: RunRow): ScenarioRun => ({
  ...row,
  verdict: row.verdict === null ? null : z.parse(ScenarioVerdictSchema, JSON.parse(row.verdict)),
});
const scenarioOfRow = (row: Row): StoredScenario => ({
  ...row,
  scenario: z.parse(ScenarioSchema, JSON.parse(row.scenario)),
  lastRun: row.lastRun === null ? null : runOfRow(JSON.parse(row.lastRun) as RunRow),
});

export async function scenariosOf(database: D1Database, slug: string | null): Promise<StoredScenario[]> {
  const { results } = await database
    .prepare(`SELECT ${COLUMNS} FROM scenarios s WHERE ?1 IS NULL OR s.slug = ?1 ORDER BY s.scenario_id`)
    .bind(slug)
    .all<Row>();
  return results.map(scenarioOfRow);
}

export async function scenarioNamed(
  database: D1Database,
  scenarioId: string,
): Promise<StoredScenario | null> {
  const row = await database
    .prepare(`SELECT ${COLUMNS} FROM scenarios s WHERE s.scenario_id = ?1`)
    .bind(scenarioId)
    .first<Row>();
  return row === null ? null : scenarioOfRow(row);
}

export async function addScenario(
  database: D1Database,
  { scenarioId, slug, scenario, fromCall, createdAtMs }: Omit<StoredScenario, 'lastRun'>,
  audit: D1PreparedStatement,
): Promise<void> {
  await database.batch([
    database
      .prepare('INSERT OR IGNORE INTO scenarios VALUES (?1, ?2, ?3, ?4, ?5, ?6)')
      .bind(scenarioId, slug, scenario.name, JSON.stringify(scenario), createdAtMs, fromCall),
    audit,
  ]);
}

export async function changeScenario(
  database: D1Database,
  scenarioId: string,
  scenario: Scenario,
  audit: D1PreparedStatement,
): Promise<void> {
  const change = database
    .prepare('UPDATE scenarios SET name = ?2, scenario = ?3 WHERE scenario_id = ?1')
    .bind(scenarioId, scenario.name, JSON.stringify(scenario));
  await database.batch([change, audit]);
}

export async function removeScenario(
  database: D1Database,
  scenarioId: string,
  audit: D1PreparedStatement,
): Promise<void> {
  await database.batch([
    database.prepare('DELETE FROM scenario_runs WHERE scenario_id = ?1').bind(scenarioId),
    database.prepare('DELETE FROM scenarios WHERE scenario_id = ?1').bind(scenarioId),
    audit,
  ]);
}

export async function addRun(
  database: D1Database,
  scenarioId: string,
  { callId, version, startedAtMs }: Omit<ScenarioRun, 'verdict'>,
  audit: D1PreparedStatement,
): Promise<void> {
  const add = database
    .prepare(
      'INSERT INTO scenario_runs (call_id, scenario_id, version, started_at_ms) VALUES (?1, ?2, ?3, ?4)',
    )
    .bind(callId, scenarioId, version, startedAtMs);
  await database.batch([add, audit]);
}

export async function runsOf(database: D1Database, scenarioId: string): Promise<ScenarioRun[]> {
  const { results } = await database
    .prepare(
      `SELECT call_id AS callId, version, started_at_ms AS startedAtMs, verdict FROM scenario_runs
       WHERE scenario_id = ?1 ORDER BY started_at_ms DESC LIMIT ${RUNS}`,
    )
    .bind(scenarioId)
    .all<RunRow>();
  return results.map(runOfRow);
}

/** Once: the first verdict stands, whatever becomes of the scenario later. */
export async function settleRun(
  database: D1Database,
  callId: string,
  verdict: ScenarioVerdict,
  endedAtMs: number,
): Promise<void> {
  await database
    .prepare('UPDATE scenario_runs SET verdict = ?2, ended_at_ms = ?3 WHERE call_id = ?1 AND verdict IS NULL')
    .bind(callId, JSON.stringify(verdict), endedAtMs)
    .run();
}
