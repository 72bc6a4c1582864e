import * as z from 'zod/mini';
import { AtMs, Id } from '../primitives.ts';
import { CursorSchema, LimitSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Call backs';

export const CallBackSchema = z.object({
  callId: Id,
  /** Masked by role, as everywhere. */
  contactName: z.nullable(z.string()),
  profile: z.string(),
  promisedAtMs: AtMs,
  settledAtMs: z.nullable(AtMs),
});
export type CallBack = z.infer<typeof CallBackSchema>;

export const listCallBacks = contract({
  method: 'GET',
  path: '/api/call-backs',
  summary: 'Calls we promised to return: those still owed, oldest first, or those settled, newest first',
  tag,
  query: z.strictObject({
    state: z.optional(z.enum(['owed', 'settled'])),
    cursor: z.optional(CursorSchema),
    limit: z.optional(LimitSchema),
  }),
  status: 200,
  reply: z.object({ callBacks: z.array(CallBackSchema), nextCursor: z.nullable(z.string()) }),
});

export const settleCallBack = contract({
  method: 'POST',
  path: '/api/call-backs/:callId/settle',
  summary: 'Somebody called back: it is no longer owed. Again changes nothing',
  tag,
  params: z.strictObject({ callId: Uuid }),
  status: 200,
  reply: z.object({ callBack: CallBackSchema }),
});
