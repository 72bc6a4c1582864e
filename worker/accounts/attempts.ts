import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { clientAddress } from '../http/address.ts';
import { refuse } from '../http/problem.ts';
import { digest } from './digest.ts';

/**
 * Counts an attempt to get in, by address and, where one is named, by account: many machines that guess at one account
 * are slowed down as one machine that guesses at many. @returns the refusal, or null.
 */
export async function tooManyAttempts(c: Context<AppEnv>, account?: string): Promise<Response | null> {
  const counted = [c.env.LOGIN_LIMIT.limit({ key: clientAddress(c) })];
  if (account !== undefined) {
    // A digest: rate limiters' keys are no place for an e-mail address.
    counted.push(c.env.ACCOUNT_LIMIT.limit({ key: await digest(account.toLowerCase()) }));
  }
  const answers = await Promise.all(counted);
  return answers.every(({ success }) => success) ? null : tooMany(c);
}

/**
 * The same for questions to authenticators, counted apart: a page asks for one whenever it is opened, and each is a row in
 * the database.
 */
export async function tooManyQuestions(c: Context<AppEnv>): Promise<Response | null> {
  const { success } = await c.env.LOGIN_LIMIT.limit({ key: `question:${clientAddress(c)}` });
  return success ? null : tooMany(c);
}

function tooMany(c: Context<AppEnv>): Response {
  return refuse(c, 'rate_limited', 'Too many attempts.', {
    detail: 'Wait a minute and try again.',
    headers: { 'retry-after': '60' },
  });
}
