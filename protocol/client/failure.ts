import * as z from 'zod/mini';
import { ProblemSchema } from '../refusal.ts';

/** Why a request did not succeed. People read it through `explain`; code switches on `code`. */
export interface Failure {
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number;
  readonly code: string;
  readonly title: string | null;
  readonly detail: string | null;
  readonly requestId: string | null;
  /** The fields that were wrong, where fields were. */
  readonly errors: readonly { readonly field: string; readonly problem: string }[];
  /** The server asked to wait this long, in seconds. */
  readonly retryAfterS: number | null;
}

/** Expected refusals are values: a reply is either what was asked for or the reason why not. */
export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

const failure = (status: number, code: string): Failure => ({
  status,
  code,
  title: null,
  detail: null,
  requestId: null,
  errors: [],
  retryAfterS: null,
});

export const unreachable = (): Failure => failure(0, 'unreachable');
export const timedOut = (): Failure => failure(0, 'timed_out');
/** The server answered with something this version of the page cannot read. */
export const unreadable = (status: number): Failure => failure(status, 'unreadable');

/** Reads a refused HTTP response, whatever it holds; never throws. */
export async function readFailure(response: Response): Promise<Failure> {
  const base = {
    ...failure(response.status, codeOfStatus(response.status)),
    requestId: response.headers.get('x-request-id'),
    retryAfterS: retryAfterSeconds(response.headers.get('retry-after')),
  };
  const body: unknown = await response.json().catch(() => null);
  const problem = z.safeParse(ProblemSchema, body);
  if (problem.success) {
    const { code, title, detail, requestId, errors } = problem.data;
    return { ...base, code, title, detail: detail ?? null, requestId, errors: errors ?? [] };
  }
  return base;
}

/** `Retry-After` in seconds; its date form is not used by our doors. */
export function retryAfterSeconds(header: string | null): number | null {
  if (header === null || !/^\d{1,6}$/.test(header.trim())) return null;
  return Number(header);
}

function codeOfStatus(status: number): string {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limited';
  if (status === 502 || status === 504) return 'unreachable';
  return 'internal';
}
