import * as z from 'zod/mini';
import { readFailure, timedOut, unreachable, unreadable, type Reply } from './failure.ts';

/** A request that takes longer is given up: the person is told, and may try again. */
const PATIENCE_MS = 12_000;

export interface Ask {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  /** `load` functions pass their own. */
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
}

/** Asks the API and decodes the answer; never throws. */
export async function request<T>(schema: z.ZodMiniType<T>, path: string, ask: Ask = {}): Promise<Reply<T>> {
  const signals = [AbortSignal.timeout(PATIENCE_MS), ...(ask.signal ? [ask.signal] : [])];
  let response: Response;
  try {
    response = await (ask.fetch ?? fetch)(path, {
      method: ask.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
      credentials: 'same-origin',
      signal: AbortSignal.any(signals),
    });
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    return { ok: false, failure: late ? timedOut() : unreachable() };
  }
  if (!response.ok) return { ok: false, failure: await readFailure(response) };
  const decoded = z.safeParse(schema, await response.json().catch(() => ({})));
  if (!decoded.success) return { ok: false, failure: unreadable(response.status) };
  return { ok: true, value: decoded.data };
}
