import type { Context, Hono } from 'hono';
import * as z from 'zod/mini';
import { fieldErrors } from '../../protocol/field-errors.ts';
import type { Contract, Decoded, ReplyOf, Sendable } from '../../protocol/api/contract.ts';
import { routeName } from '../../protocol/api/contract.ts';
import { log } from '../../durable-objects/log.ts';
import type { AppEnv } from '../app-env.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { jsonBody } from './body.ts';
import { refuse } from './problem.ts';

type Handler<C extends Contract> = (
  c: Context<AppEnv>,
  input: Decoded<C>,
) => Promise<Sendable<ReplyOf<C>> | Response> | Sendable<ReplyOf<C>> | Response;

/**
 * Adds a contract's route: decodes what comes in, refuses what does not fit, and sends nothing that the contract does
 * not describe: fields it does not name are dropped, a reply that breaks it is a bug. A handler answers with the reply's
 * value, or with a `Response` of its own, as refusals are.
 */
export function serve<C extends Contract>(app: Hono<AppEnv>, contract: C, handler: Handler<C>): void {
  app.on(contract.method, contract.path, async (c) => {
    const given = await decode(c, contract);
    if (given instanceof Response) return given;
    return idempotently(c, contract, given.rawBody, async () => {
      const answer = await handler(c, given.input);
      return answer instanceof Response ? answer : send(c, contract, answer);
    });
  });
}

async function decode<C extends Contract>(
  c: Context<AppEnv>,
  contract: C,
): Promise<{ input: Decoded<C>; rawBody: string } | Response> {
  const params = z.safeParse(contract.params ?? NOTHING, c.req.param());
  if (!params.success) {
    // A name that cannot exist is an unknown one.
    const code = 'callId' in c.req.param() ? 'call_unknown' : 'not_found';
    return refuse(c, code, code === 'call_unknown' ? 'There is no such call.' : 'There is no such thing.');
  }
  const query = z.safeParse(contract.query ?? NOTHING, singleValues(c.req.queries()));
  if (!query.success) {
    const errors = fieldErrors(query.error, 'query');
    return refuse(c, 'malformed', 'The query is not what this route takes.', { errors });
  }
  let body: unknown;
  let rawBody = '';
  if (contract.body !== undefined) {
    const decoded = await jsonBody(c, contract.body, contract.maxBytes);
    if (!decoded.ok) return decoded.response;
    body = decoded.body;
    rawBody = decoded.text;
  }
  return { input: { params: params.data, query: query.data, body } as Decoded<C>, rawBody };
}

const NOTHING = z.strictObject({});

/** A value given twice says nothing clear: it stays a list, which no schema of a query takes. */
function singleValues(queries: Record<string, string[]>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(queries).map(([name, values]) => [
      name,
      values.length === 1 ? (values[0] as string) : values,
    ]),
  );
}

function send(c: Context<AppEnv>, contract: Contract, answer: unknown): Response {
  if (contract.status === 204) return c.body(null, 204);
  const checked = z.safeParse(contract.reply ?? NOTHING, answer);
  if (!checked.success) {
    log('error', 'a reply breaks its contract', {
      requestId: c.get('requestId'),
      route: routeName(contract),
      fields: fieldErrors(checked.error, 'reply').map((each) => `${each.field}: ${each.problem}`),
    });
    // People go on working with a field we described wrongly; tests and development do not.
    if (c.get('settings').simulated.length > 0) {
      return refuse(c, 'internal', 'The reply breaks its contract.', { detail: 'This is a bug of ours.' });
    }
  }
  const reply = checked.success ? checked.data : answer;
  if (contract.replyType !== undefined && contract.replyType !== 'application/x-ndjson') {
    return c.body(String(reply), contract.status, { 'content-type': `${contract.replyType}; charset=utf-8` });
  }
  return c.json(reply, contract.status);
}
