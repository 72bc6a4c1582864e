import type { Budget, Spending } from '../domain/cost/budget.ts';
import { monthBegan, spendingOf } from '../domain/cost/budget.ts';

export interface BudgetNow extends Budget {
  /** What calls that ended this month have cost, each by the prices of its end. */
  readonly spentMicros: number;
  readonly monthBeganAtMs: number;
}

/** Reads an index entry a call of this month: for people and the sweep, not for polling. */
export async function readBudget(database: D1Database, nowMs: number): Promise<BudgetNow> {
  const monthBeganAtMs = monthBegan(nowMs);
  const row = await database
    .prepare(
      `SELECT month_micros AS monthMicros, (SELECT coalesce(sum(cost_micros), 0) FROM calls
         WHERE phase = 'ended' AND ended_at_ms >= ?1) AS spentMicros FROM budget`,
    )
    .bind(monthBeganAtMs)
    .first<{ monthMicros: number | null; spentMicros: number }>();
  if (row === null) throw new Error('the migration wrote the one row');
  return { ...row, monthBeganAtMs };
}

/** Nothing more is to be dialled this month (BUDGET-2). */
export async function isBudgetSpent(database: D1Database, nowMs: number): Promise<boolean> {
  const budget = await readBudget(database, nowMs);
  return spendingOf(budget, budget.spentMicros) === 'spent';
}

export async function changeBudget(
  database: D1Database,
  { monthMicros }: Budget,
  audit: D1PreparedStatement,
): Promise<void> {
  const change = database
    .prepare('UPDATE budget SET month_micros = ?1, told_month_ms = NULL, told = NULL')
    .bind(monthMicros);
  await database.batch([change, audit]);
}

/** @returns whether this was not told of this month before */
export async function tellOnce(
  database: D1Database,
  monthBeganAtMs: number,
  spending: Exclude<Spending, 'within'>,
): Promise<boolean> {
  const row = await database
    .prepare(
      `UPDATE budget SET told_month_ms = ?1, told = ?2
       WHERE told_month_ms IS NOT ?1 OR (told = 'near' AND ?2 = 'spent') RETURNING one`,
    )
    .bind(monthBeganAtMs, spending)
    .first();
  return row !== null;
}

export async function runningCampaigns(database: D1Database): Promise<string[]> {
  const { results } = await database
    .prepare(`SELECT campaign_id AS id FROM campaigns WHERE status = 'running'`)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
