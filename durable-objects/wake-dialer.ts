import type { Env } from './env.ts';

/** Tells a campaign's dialer that there may be more to dial. Only a hint: its own alarm finds new leads as well. */
export async function wakeDialer(_env: Env, _campaignId: string): Promise<void> {
  await Promise.resolve();
}
