import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { CursorSchema, LimitSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Personal data';

/**
 * Why somebody looks. It is kept in the audit log, so that nothing with seven digits and more, however they are parted, is
 * taken: a telephone number rather than a date.
 */
const ReasonSchema = z
  .string()
  .check(z.regex(/^(?=.*\S)(?!.*[0-9](?:[ .,()/-]{0,3}[0-9]){6})[^\u0000-\u001f\u007f]{3,200}$/));

export const revealContact = contract({
  method: 'POST',
  path: '/api/calls/:callId/reveal',
  summary: "Show a call's contact unmasked. Who asked, and why, is recorded",
  tag,
  params: z.strictObject({ callId: Uuid }),
  body: z.strictObject({ reason: ReasonSchema }),
  status: 200,
  reply: z.object({ contact: z.object({ name: z.nullable(z.string()) }) }),
});

/** Kinds of data with a time to live of their own, days; null keeps them for ever. */
const Days = z.nullable(z.int().check(z.minimum(1), z.maximum(3_650)));
export const RetentionSchema = z.strictObject({
  /** What was said: ledgers, transcripts and archives lose their words. */
  wordsDays: Days,
  /** Who it was: names and numbers of contacts. */
  contactsDays: Days,
  /** The calls themselves: rows, ledgers, archives. */
  callsDays: Days,
  /** At least 30: the log refuses less. */
  auditDays: z.nullable(z.int().check(z.minimum(30), z.maximum(3_650))),
});
export type Retention = z.infer<typeof RetentionSchema>;

export const getRetention = contract({
  method: 'GET',
  path: '/api/retention',
  summary: 'How long each kind of data is kept, and what the last daily job removed',
  tag,
  status: 200,
  reply: z.object({
    retention: RetentionSchema,
    /** Null before the first. */
    lastRun: z.nullable(
      z.object({ atMs: AtMs, calls: z.int(), words: z.int(), contacts: z.int(), audit: z.int() }),
    ),
  }),
});
export const setRetention = contract({
  method: 'PUT',
  path: '/api/retention',
  summary: 'Change how long data is kept. The daily job then removes what is older, for good',
  tag,
  body: RetentionSchema,
  status: 200,
  reply: z.object({ retention: RetentionSchema }),
});

export const ErasureSchema = z.object({
  id: Uuid,
  /** How many calls it covers. */
  calls: z.int(),
  /** How many of them are done. */
  erased: z.int(),
  state: z.enum(['running', 'done', 'failed']),
  requestedAtMs: AtMs,
  doneAtMs: z.nullable(AtMs),
});
export type Erasure = z.infer<typeof ErasureSchema>;

export const NewErasureSchema = z.strictObject({
  /** By calls, or by the contact's name as it was given, in any letter case. */
  of: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('calls'),
      callIds: z.array(Uuid).check(z.minLength(1), z.maxLength(100)),
    }),
    z.strictObject({
      kind: z.literal('contactName'),
      name: z.string().check(z.regex(/^(?=.*\S)[^\u0000-\u001f\u007f]{2,120}$/)),
    }),
  ]),
});
export const erasePerson = contract({
  method: 'POST',
  path: '/api/erasures',
  summary:
    'Erase a person everywhere: words, names and numbers leave database, ledgers and archives; that there was a call stays',
  tag,
  body: NewErasureSchema,
  status: 202,
  reply: z.object({ erasure: ErasureSchema }),
  idempotency: 'replay',
  leadsTo: { 'GET /api/erasures/:erasureId': { param: 'erasureId', field: '/erasure/id' } },
});
export const getErasure = contract({
  method: 'GET',
  path: '/api/erasures/:erasureId',
  summary: 'How far an erasure is',
  tag,
  params: z.strictObject({ erasureId: Uuid }),
  status: 200,
  reply: z.object({ erasure: ErasureSchema }),
});
export const listErasures = contract({
  method: 'GET',
  path: '/api/erasures',
  summary: 'Erasures, newest first',
  tag,
  query: z.strictObject({ cursor: z.optional(CursorSchema), limit: z.optional(LimitSchema) }),
  status: 200,
  reply: z.object({ erasures: z.array(ErasureSchema), nextCursor: z.nullable(z.string()) }),
});
