import * as z from 'zod/mini';
import { CallEventSchema } from '../ledger.ts';
import { AtMs, ChannelSchema, ContactSchema, Id, SpeakerSchema } from '../primitives.ts';
import { CallSummarySchema } from '../summary.ts';
import { CursorSchema, EmptySchema, LimitSchema, SlugSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';
import { JoinSchema } from './rooms.ts';

export const CallParams = z.strictObject({ callId: Uuid });
const tag = 'Calls';

export const NewCallSchema = z.strictObject({
  profile: SlugSchema,
  channel: ChannelSchema,
  contact: z.strictObject(ContactSchema.shape),
});
export const CreatedCallSchema = z.object({
  call: z.object({ id: Id }),
  /** Null for calls without a media server. */
  join: z.nullable(JoinSchema),
  /** Opens the agent door of a `silent` call, whose agent cannot be dispatched by a media server; else null. */
  doorToken: z.nullable(z.string()),
});
export const createCall = contract({
  method: 'POST',
  path: '/api/calls',
  summary: 'Request a call: its ledger begins and an agent is sought',
  tag,
  body: NewCallSchema,
  status: 201,
  reply: CreatedCallSchema,
  idempotency: 'replay',
  leadsTo: {
    'GET /api/calls/:callId': { param: 'callId', field: '/call/id' },
    'GET /api/calls/:callId/events': { param: 'callId', field: '/call/id' },
    'POST /api/calls/:callId/hang-up': { param: 'callId', field: '/call/id' },
  },
});

export const CallListSchema = z.object({
  calls: z.array(CallSummarySchema),
  /** Pass as `cursor` for the next page; null on the last. */
  nextCursor: z.nullable(z.string()),
});
export const listCalls = contract({
  method: 'GET',
  path: '/api/calls',
  summary: 'Calls in progress, or ended ones with the newest end first',
  tag,
  query: z.strictObject({
    status: z.optional(z.enum(['live', 'ended'])),
    cursor: z.optional(CursorSchema),
    limit: z.optional(LimitSchema),
  }),
  status: 200,
  reply: CallListSchema,
});

export const CallReplySchema = z.object({ call: CallSummarySchema });
export const getCall = contract({
  method: 'GET',
  path: '/api/calls/:callId',
  summary: 'One call as it stands',
  tag,
  params: CallParams,
  status: 200,
  reply: CallReplySchema,
});

export const EventsReplySchema = z.object({ epoch: Id, head: z.int(), events: z.array(CallEventSchema) });
export const getCallEvents = contract({
  method: 'GET',
  path: '/api/calls/:callId/events',
  summary: 'The ledger itself after event `since`, for those without a socket',
  tag,
  params: CallParams,
  query: z.strictObject({ since: z.optional(z.string().check(z.regex(/^(0|[1-9][0-9]{0,8})$/))) }),
  status: 200,
  reply: EventsReplySchema,
});

export const TranscriptReplySchema = z.object({
  callId: Id,
  utterances: z.array(
    z.object({
      utteranceId: Id,
      speaker: SpeakerSchema,
      text: z.string(),
      startedAtMs: AtMs,
      endedAtMs: AtMs,
      interrupted: z.boolean(),
    }),
  ),
});
export const getTranscript = contract({
  method: 'GET',
  path: '/api/calls/:callId/transcript',
  summary: 'Final words in speaking order',
  tag,
  params: CallParams,
  status: 200,
  reply: TranscriptReplySchema,
});

export const hangUp = contract({
  method: 'POST',
  path: '/api/calls/:callId/hang-up',
  summary: 'End a call. That it ended is learnt from its ledger',
  tag,
  params: CallParams,
  status: 202,
  reply: EmptySchema,
});
export const completeCall = contract({
  method: 'POST',
  path: '/api/calls/:callId/complete',
  summary: 'Mark a call completed that shows no sign of life',
  tag,
  params: CallParams,
  status: 202,
  reply: EmptySchema,
});

export const ParkedEffectsSchema = z.object({
  parked: z.array(z.object({ key: z.string(), type: z.string(), attempts: z.int(), lastError: z.string() })),
});
export const listParkedWork = contract({
  method: 'GET',
  path: '/api/calls/:callId/effects',
  summary: 'Work the call owes that was given up and waits for a person',
  tag,
  params: CallParams,
  status: 200,
  reply: ParkedEffectsSchema,
});
export const retryParkedWork = contract({
  method: 'POST',
  path: '/api/calls/:callId/effects/retry',
  summary: 'Try parked work again',
  tag,
  params: CallParams,
  status: 202,
  reply: z.object({ retried: z.int() }),
});
