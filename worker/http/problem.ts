import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { FieldError } from '../../protocol/field-errors.ts';
import type { Problem, RefusalCode } from '../../protocol/refusal.ts';
import type { AppEnv } from '../app-env.ts';

const statuses: Record<RefusalCode, ContentfulStatusCode> = {
  call_unknown: 404,
  call_exists: 409,
  call_ended: 409,
  agent_present: 409,
  agent_superseded: 409,
  offer_unknown: 409,
  session_unknown: 409,
  spoken_after_end: 409,
  dial_not_due: 409,
  recording_gone: 410,
  call_silent: 409,
  no_agent_yet: 409,
  line_held: 409,
  line_free: 409,
  seat_not_yours: 403,
  not_recording: 409,
  too_many_orders: 429,
  malformed: 400,
  oversized: 413,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  profile_unknown: 404,
  method_unknown: 405,
  observation_conflict: 409,
  protocol_unsupported: 426,
  read_only: 400,
  rate_limited: 429,
  signature_invalid: 401,
  upgrade_required: 426,
  media_unavailable: 503,
  not_json: 415,
  method_not_allowed: 405,
  idempotency_mismatch: 422,
  idempotency_in_progress: 409,
  already_done: 409,
  not_ready: 503,
  conflict: 409,
  invalid_credentials: 401,
  invitation_invalid: 410,
  setup_closed: 409,
  address_forbidden: 422,
  carrier_refused: 422,
  line_unanswered: 404,
  dial_refused: 409,
  campaign_cannot_start: 409,
  profile_cannot_work: 409,
  recording_not_stored: 404,
  digest_mismatch: 422,
  range_not_satisfiable: 416,
  internal: 500,
};

/** A refusal as RFC 9457 problem details: what was wrong, what to do, and the id to quote. */
export function refuse(
  c: Context<AppEnv>,
  code: RefusalCode,
  title: string,
  options: {
    readonly detail?: string;
    readonly errors?: readonly FieldError[] | undefined;
    readonly headers?: Record<string, string>;
  } = {},
): Response {
  const status = statuses[code];
  const problem: Problem = {
    type: `urn:earshot:problem:${code}`,
    title,
    status,
    code,
    ...(options.detail === undefined ? {} : { detail: options.detail }),
    ...(options.errors === undefined ? {} : { errors: [...options.errors] }),
    requestId: c.get('requestId'),
  };
  return c.json(problem, status, { 'content-type': 'application/problem+json', ...options.headers });
}
