/** Which rule of the tables a failed statement broke, where a caller expects one; null for a bug. */
export type BrokenRule = 'emailTaken' | 'parentMissing' | 'lastAdmin' | null;

/** D1 names the broken constraint in the message alone. */
export function brokenRule(error: unknown): BrokenRule {
  const text = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error);
  if (text.includes('the last active admin stays')) return 'lastAdmin';
  if (text.includes('UNIQUE constraint failed: user.email')) return 'emailTaken';
  if (text.includes('FOREIGN KEY constraint failed')) return 'parentMissing';
  return null;
}
