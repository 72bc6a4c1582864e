import type { Context } from 'hono';
import type { Contract } from '../../protocol/api/contract.ts';
import { routeName } from '../../protocol/api/contract.ts';
import { claimKey, finishKey, forgetKey } from '../../database/idempotency.ts';
import type { AppEnv } from '../app-env.ts';
import { principalName } from '../access/principal.ts';
import { digest } from '../accounts/digest.ts';
import { refuse } from '../http/problem.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * Runs a create once for each `Idempotency-Key` of a principal (the IETF draft of that name): the same key and body get
 * the first answer again, another body is refused, a request still running is refused with a time to wait. Answers of
 * 5xx are forgotten, so that a retry may succeed. Without the header it just runs.
 */
export async function idempotently(
  c: Context<AppEnv>,
  contract: Contract,
  rawBody: string,
  run: () => Promise<Response>,
): Promise<Response> {
  const key = c.req.header('idempotency-key');
  if (contract.idempotency === undefined || key === undefined) return run();
  if (!KEY.test(key)) {
    return refuse(c, 'malformed', 'This is no Idempotency-Key.', {
      errors: [{ field: 'Idempotency-Key', problem: 'not 1 to 200 visible ASCII characters' }],
    });
  }
  const name = await digest(`${principalName(c.get('principal'))}\n${routeName(contract)}\n${key}`);
  const bodyHash = await digest(rawBody);
  const claim = await claimKey(c.env.DB, { name, bodyHash, nowMs: Date.now() });
  if (claim.bodyHash !== bodyHash) {
    return refuse(c, 'idempotency_mismatch', 'This Idempotency-Key was used with another body.', {
      detail: 'Use a new key for a new request.',
    });
  }
  if (claim.state === 'done') {
    if (contract.idempotency === 'once') {
      return refuse(c, 'already_done', 'This was done, and its secret was shown once.', {
        detail: 'Delete what was made and make it again, with a new key.',
      });
    }
    return c.body(claim.body, claim.status as 200, {
      'content-type': claim.contentType,
      'idempotent-replayed': 'true',
    });
  }
  if (claim.state === 'running') {
    return refuse(c, 'idempotency_in_progress', 'The first request with this key is still running.', {
      detail: 'Ask again in a moment.',
      headers: { 'retry-after': '1' },
    });
  }
  // A retry after a crash makes the same thing, not a second one.
  c.set('newId', claim.newId);
  return settle(c, contract, name, run);
}

async function settle(
  c: Context<AppEnv>,
  contract: Contract,
  name: string,
  run: () => Promise<Response>,
): Promise<Response> {
  let response: Response;
  try {
    response = await run();
  } catch (error) {
    await forgetKey(c.env.DB, name);
    throw error;
  }
  if (response.status >= 500 || response.status === 429) {
    await forgetKey(c.env.DB, name);
    return response;
  }
  const body = contract.idempotency === 'once' && response.ok ? '' : await response.clone().text();
  await finishKey(c.env.DB, name, {
    status: response.status,
    contentType: response.headers.get('content-type') ?? 'application/json',
    body,
  });
  return response;
}
