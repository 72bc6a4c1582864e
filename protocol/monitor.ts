import * as z from 'zod/mini';
import { AgentActivitySchema, InterimSchema } from './interim.ts';
import { CallEventSchema } from './ledger.ts';
import { AtMs, Id } from './primitives.ts';
import { RefusedSchema } from './refusal.ts';
import { ConnectionQualitySchema } from './supervision.ts';

/**
 * What a call's monitor is sent on `/ws/calls/:callId?since=<seq>&epoch=<epoch>&v=<protocol>`.
 * It first gets `hello`; when its numbers belong to another epoch also `reset`; then every event after `since`,
 * in order, once; then live ones. It sends nothing but the text `ping`, at least every 30 s while
 * the call lives, answered `pong` without waking the object; one that does not is closed (4429) and may come back.
 */
export const MonitorDownSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.int(),
    callId: Id,
    epoch: Id,
    head: z.int(),
    serverNowMs: AtMs,
    /** What the agent is doing now; null when unknown. */
    activity: z.nullable(AgentActivitySchema),
    /** How well the customer's connection holds; null when unknown. */
    quality: z.nullable(ConnectionQualitySchema),
    /** Words being spoken as the monitor arrived. */
    interims: z.array(InterimSchema),
  }),
  z.object({ type: z.literal('reset'), reason: z.enum(['otherEpoch', 'aheadOfLedger', 'fellBehind']) }),
  z.object({ type: z.literal('events'), events: z.array(CallEventSchema) }),
  z.object({ type: z.literal('interim'), interim: InterimSchema }),
  z.object({ type: z.literal('activity'), activity: AgentActivitySchema }),
  z.object({ type: z.literal('quality'), quality: ConnectionQualitySchema }),
  RefusedSchema,
]);
export type MonitorDown = z.infer<typeof MonitorDownSchema>;
