import * as z from 'zod/mini';
import type { Contract, Given, ReplyOf } from '../api/contract.ts';
import type { Reply } from './failure.ts';
import { readFailure, timedOut, unreachable, unreadable } from './failure.ts';

/** A request that takes longer is given up: whoever asked is told, and may try again. */
const PATIENCE_MS = 12_000;

export interface ClientOptions {
  /** Where the API is; empty for the page's own origin. */
  readonly origin?: string;
  /** An API key of an integration, or a customer's token for one call; people are known by their session cookie. */
  readonly apiKey?: string;
}

export interface AskOptions {
  /** `load` functions of the framework pass their own. */
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
  /** Makes a create safe to repeat. */
  readonly idempotencyKey?: string;
}

/** `client(contract, { params, query, body })`: asks the API and decodes the answer; never throws. */
export type Client = <C extends Contract>(
  contract: C,
  given: Given<C>,
  options?: AskOptions,
) => Promise<Reply<ReplyOf<C>>>;

/** The typed client of the API: of the pages, of the scripts, and of anyone who builds on it. */
export function createClient({ origin = '', apiKey }: ClientOptions = {}): Client {
  return async (contract, given, options = {}) => {
    const { params, query, body } = given as { params?: Texts; query?: Texts; body?: unknown };
    const signals = [AbortSignal.timeout(PATIENCE_MS), ...(options.signal ? [options.signal] : [])];
    let response: Response;
    try {
      response = await (options.fetch ?? fetch)(origin + addressOf(contract, params, query), {
        method: contract.method,
        headers: {
          accept: contract.replyType ?? 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
          ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any(signals),
      });
    } catch (error) {
      const late = error instanceof DOMException && error.name === 'TimeoutError';
      return { ok: false, failure: late ? timedOut() : unreachable() };
    }
    if (!response.ok) return { ok: false, failure: await readFailure(response) };
    return readReply(contract, response);
  };
}

type Texts = Readonly<Record<string, string | undefined>>;

/** `/api/calls/:callId` with its names filled in, and what is given of the query. */
export function addressOf(contract: Pick<Contract, 'path'>, params: Texts = {}, query: Texts = {}): string {
  const path = contract.path.replace(/:(\w+)/g, (_all, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const given = Object.entries(query).filter((each): each is [string, string] => each[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

async function readReply<C extends Contract>(contract: C, response: Response): Promise<Reply<ReplyOf<C>>> {
  const json = contract.replyType === undefined;
  const content: unknown =
    contract.status === 204
      ? undefined
      : await (json ? response.json() : response.text()).catch(() => UNREADABLE);
  if (contract.reply === undefined) return { ok: true, value: undefined as ReplyOf<C> };
  const decoded = z.safeParse(contract.reply, content);
  if (!decoded.success) return { ok: false, failure: unreadable(response.status) };
  return { ok: true, value: decoded.data as ReplyOf<C> };
}

/** No schema takes it. */
const UNREADABLE = Symbol('not JSON');
