/** What a deployment may spend in a month, millionths of a US dollar; null: no limit. */
export interface Budget {
  readonly monthMicros: number | null;
}

/** People are told when so much of it is spent. */
export const ALERT_SHARE = 0.8;

export type Spending = 'within' | 'near' | 'spent';

/** Where this month's spending stands (BUDGET-1). */
export function spendingOf({ monthMicros }: Budget, spentMicros: number): Spending {
  if (monthMicros === null) return 'within';
  if (spentMicros >= monthMicros) return 'spent';
  return spentMicros >= monthMicros * ALERT_SHARE ? 'near' : 'within';
}

/** When the month of this moment began, by UTC, epoch ms. */
export function monthBegan(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
}
