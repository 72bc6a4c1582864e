import * as z from 'zod/mini';
import { CallEventSchema } from '../ledger.ts';
import { AtMs, ChannelSchema, ContactSchema, Id, OutcomeSchema, SpeakerSchema } from '../primitives.ts';
import { CallSummarySchema } from '../summary.ts';
import { DispositionSchema, InterestSchema, ResultBriefSchema } from '../result.ts';
import { AtMsText, CursorSchema, EmptySchema, LimitSchema, SlugSchema, Uuid } from './common.ts';
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

const Text = (length: number) =>
  z.string().check(z.minLength(1), z.maxLength(length), z.regex(/^[^\u0000-\u001f\u007f]*$/));
const SecondsText = z.string().check(z.regex(/^(0|[1-9][0-9]{0,5})$/));

/** What history is narrowed by: all of it holds. */
const filters = {
  profile: z.optional(SlugSchema),
  outcome: z.optional(OutcomeSchema),
  channel: z.optional(ChannelSchema),
  /** What the call came to. */
  interest: z.optional(InterestSchema),
  disposition: z.optional(DispositionSchema),
  campaign: z.optional(Uuid),
  lead: z.optional(Uuid),
  /** When it ended: inclusive, exclusive. */
  from: z.optional(AtMsText),
  to: z.optional(AtMsText),
  /** Seconds from request to end. */
  longer: z.optional(SecondsText),
  shorter: z.optional(SecondsText),
  /** E.164, whole; `+` may be left out. Only for who sees numbers. */
  number: z.optional(z.string().check(z.regex(/^\+?[1-9]\d{6,14}$/))),
  /** The beginning of a contact's name. Only for who sees names. */
  name: z.optional(Text(120)),
  /** Words that were said. Only for who sees words unmasked. */
  text: z.optional(Text(200)),
};

export const CallListSchema = z.object({
  calls: z.array(CallSummarySchema),
  /** By call id, where `text` was asked for: the words around. */
  excerpts: z.optional(z.record(z.string(), z.string())),
  /** By call id, of ended calls: what they came to. */
  results: z.optional(z.record(z.string(), ResultBriefSchema)),
  /** Pass as `cursor` for the next page; null on the last. */
  nextCursor: z.nullable(z.string()),
});
export const listCalls = contract({
  method: 'GET',
  path: '/api/calls',
  summary: 'Calls in progress, or ended ones with the newest end first; filters hold for ended ones',
  tag,
  query: z.strictObject({
    status: z.optional(z.enum(['live', 'ended'])),
    ...filters,
    cursor: z.optional(CursorSchema),
    limit: z.optional(LimitSchema),
  }),
  status: 200,
  reply: CallListSchema,
});

export const exportCalls = contract({
  method: 'GET',
  path: '/api/calls-export',
  summary: 'Every ended call that the filters let through, as CSV or as lines of JSON; logged',
  tag,
  query: z.strictObject({ format: z.optional(z.enum(['csv', 'ndjson'])), ...filters }),
  status: 200,
  replyType: 'text/csv',
  otherReplyType: 'application/x-ndjson',
});

const SavedViewSchema = z.object({ viewId: Id, name: z.string(), query: z.string() });
export const listViews = contract({
  method: 'GET',
  path: '/api/views',
  summary: "One's own saved filters of history",
  tag,
  status: 200,
  reply: z.object({ views: z.array(SavedViewSchema) }),
});
export const saveView = contract({
  method: 'POST',
  path: '/api/views',
  summary: 'Give a filter of history a name',
  tag,
  body: z.strictObject({
    name: Text(60),
    /** As it stands in the address after the question mark. */
    query: z.string().check(z.maxLength(1_000), z.regex(/^[A-Za-z0-9%&=+._~-]*$/)),
  }),
  status: 201,
  reply: z.object({ view: SavedViewSchema }),
  idempotency: 'replay',
});
export const removeView = contract({
  method: 'DELETE',
  path: '/api/views/:viewId',
  summary: 'Forget a saved filter',
  tag,
  params: z.strictObject({ viewId: Uuid }),
  status: 204,
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
