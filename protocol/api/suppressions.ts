import * as z from 'zod/mini';
import { E164Schema } from '../dial.ts';
import { AtMs, Id } from '../primitives.ts';
import { CursorSchema, LimitSchema } from './common.ts';
import { contract } from './contract.ts';
import { CountrySchema } from './leads.ts';

const tag = 'Do not call';

/** The number is masked by role. */
export const SuppressionSchema = z.object({
  phone: z.string(),
  source: z.enum(['person', 'import', 'call']),
  reason: z.string(),
  addedBy: z.string(),
  callId: z.nullable(Id),
  addedAtMs: AtMs,
});
const Reason = z.string().check(z.minLength(3), z.maxLength(200));

export const listSuppressions = contract({
  method: 'GET',
  path: '/api/suppressions',
  summary: 'Numbers that are never dialled, newest first',
  tag,
  query: z.strictObject({
    /** One number, in any form. */
    search: z.optional(z.string().check(z.maxLength(40))),
    cursor: z.optional(CursorSchema),
    limit: z.optional(LimitSchema),
  }),
  status: 200,
  reply: z.object({ suppressions: z.array(SuppressionSchema), nextCursor: z.nullable(z.string()) }),
});
export const addSuppression = contract({
  method: 'POST',
  path: '/api/suppressions',
  summary: 'Never dial this number again, from this moment on',
  tag,
  body: z.strictObject({
    phone: z.string().check(z.minLength(3), z.maxLength(40)),
    country: CountrySchema,
    reason: Reason,
  }),
  status: 201,
  reply: z.object({ suppression: SuppressionSchema }),
});
/** The number is in the body: addresses end up in logs. */
export const removeSuppression = contract({
  method: 'POST',
  path: '/api/suppressions/remove',
  summary: 'Allow a number again; who did it and why is logged',
  tag,
  body: z.strictObject({ phone: E164Schema, reason: Reason }),
  status: 200,
  reply: z.object({ removed: z.boolean() }),
});
