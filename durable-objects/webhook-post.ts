import { retryAfterMs } from '../domain/webhook/schedule.ts';
import type { DeliveryError } from '../protocol/api/webhooks.ts';
import type { Env } from './env.ts';
import { fetchOutside, readUpTo } from './fetch-outside.ts';

/** A receiver that has not answered by then counts as not reached, ms. */
export const ANSWERED_WITHIN_MS = 10_000;
/** Of an answer's body this much is read, to let the connection go on; none of it is kept. */
const READ_BYTES = 1_024;

/** What one try came to. */
export interface Posted {
  /** Null: it was delivered. */
  readonly error: DeliveryError | null;
  readonly status: number | null;
  readonly responseBytes: number | null;
  readonly durationMs: number;
  readonly retryAfterMs: number | null;
}

/**
 * Origins that are let through without being public: a receiver on the developer's own machine. Only where something is
 * simulated, so that no production deployment ever posts to one.
 */
export function testReceivers({ SIMULATED, WEBHOOK_TEST_RECEIVERS }: Env): readonly string[] {
  if ((SIMULATED ?? '').trim() === '') return [];
  return (WEBHOOK_TEST_RECEIVERS ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
}

/** Posts once. The address is judged again: it may have been registered under older rules (HOOK-6). Never throws. */
export async function post(
  address: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  alsoOrigins: readonly string[],
): Promise<Posted> {
  const startedAtMs = Date.now();
  const came = (error: DeliveryError | null, more: Partial<Posted> = {}): Posted => ({
    error,
    status: null,
    responseBytes: null,
    retryAfterMs: null,
    durationMs: Date.now() - startedAtMs,
    ...more,
  });
  const request = {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'user-agent': 'Earshot-Webhooks/1', ...headers },
    withinMs: ANSWERED_WITHIN_MS,
    alsoOrigins,
  } as const;
  const asked = await fetchOutside(address, request, async (response, signal) => ({
    status: response.status,
    responseBytes: await readSome(response, signal),
    retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
  }));
  return asked.ok ? came(errorOf(asked.answer.status), asked.answer) : came(asked.error);
}

function errorOf(status: number): DeliveryError | null {
  if (status >= 200 && status < 300) return null;
  if (status === 410) return 'gone';
  return status >= 300 && status < 400 ? 'redirected' : 'refused';
}

/**
 * The status has answered: whatever becomes of the body, this never throws and ends with the time-out.
 * @returns how many bytes were read, at most `READ_BYTES`
 */
async function readSome(response: Response, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  const count = ({ byteLength }: Uint8Array): void => void (bytes += byteLength);
  await readUpTo(response, READ_BYTES - 1, signal, count).catch(() => undefined);
  return Math.min(bytes, READ_BYTES);
}
