import type { CallRefusalCode } from '../domain/call/refusal.ts';
import * as z from 'zod/mini';

/** Every way a door says no. Clients switch on the code; the message is for people. */
export type RefusalCode =
  | CallRefusalCode
  | 'malformed'
  | 'oversized'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'profile_unknown'
  | 'method_unknown'
  | 'observation_conflict'
  | 'protocol_unsupported'
  | 'read_only'
  | 'rate_limited'
  | 'signature_invalid'
  | 'upgrade_required'
  | 'media_unavailable'
  | 'not_json'
  | 'method_not_allowed'
  | 'idempotency_mismatch'
  | 'idempotency_in_progress'
  | 'already_done'
  | 'not_ready'
  | 'conflict'
  | 'invalid_credentials'
  | 'invitation_invalid'
  | 'setup_closed'
  | 'address_forbidden'
  | 'carrier_refused'
  | 'line_unanswered'
  /** The judge of dials says no; the title is its sentence. */
  | 'dial_refused'
  /** `errors` has every reason. */
  | 'campaign_cannot_start'
  /** Likewise, each with the field it lies in. */
  | 'profile_cannot_work'
  /** `detail` has how far it has come. */
  | 'recording_not_stored'
  | 'digest_mismatch'
  | 'range_not_satisfiable'
  | 'internal';

/** RFC 9457 problem details with our fields: what went wrong, what to do, and the id to quote. */
export const ProblemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.optional(z.string()),
  /** The fields that were wrong, where fields were. */
  errors: z.optional(z.array(z.object({ field: z.string(), problem: z.string() }))),
  requestId: z.string(),
});
export type Problem = z.infer<typeof ProblemSchema>;

export const RefusedSchema = z.object({
  type: z.literal('refused'),
  code: z.string(),
  message: z.string(),
  /** The observation it answers, where it answers one. */
  id: z.optional(z.string()),
});

/** Socket close codes of ours (RFC 6455 §7.4.2: 4000–4999 are private). `final` means: do not reconnect. */
export const closeCodes = {
  /** The check of who this is has aged, or the person changed: come back and be checked again. */
  askAgain: 4300,
  unauthenticated: 4401,
  forbidden: 4403,
  unknown: 4404,
  superseded: 4409,
  protocolUnsupported: 4426,
  callEnded: 4410,
  tooSlow: 4429,
} as const;
export const isFinalClose = (code: number): boolean =>
  code >= 4400 && code < 4500 && code !== closeCodes.tooSlow;

/** What a final close, or a handshake's HTTP status put behind 4000, says when no message said it. */
export function refusalOfClose(code: number): string {
  switch (code) {
    case closeCodes.unauthenticated:
      return 'unauthenticated';
    case closeCodes.forbidden:
      return 'forbidden';
    case closeCodes.unknown:
      return 'not_found';
    case closeCodes.superseded:
      return 'agent_superseded';
    case closeCodes.protocolUnsupported:
      return 'protocol_unsupported';
    case closeCodes.callEnded:
      return 'call_ended';
    default:
      return `closed_${code}`;
  }
}
