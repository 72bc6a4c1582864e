import * as z from 'zod/mini';
import { PricesSchema } from './api/costs.ts';
import type { CallEvent } from '../domain/call/fact.ts';
import { RecordingPolicySchema, recordingFacts } from './recording.ts';
import { agentFacts } from './agent-facts.ts';
import { supervisionFacts } from './supervision.ts';
import { BriefingSchema, DialFailureSchema, DialOrderSchema, PhoneSchema } from './dial.ts';
import {
  Id,
  AtMs,
  DurationMs,
  Text,
  Count,
  SpeakerSchema,
  ChannelSchema,
  MediaSchema,
  OutcomeSchema,
  ContactSchema,
} from './primitives.ts';

export const WordsSpokenSchema = z.object({
  type: z.literal('wordsSpoken'),
  utteranceId: Id,
  speaker: SpeakerSchema,
  text: Text,
  startedAtMs: AtMs,
  endedAtMs: AtMs,
  interrupted: z.boolean(),
});
export const TurnMeasuredSchema = z.object({
  type: z.literal('turnMeasured'),
  turnId: Id,
  endOfTurnMs: z.nullable(DurationMs),
  sttMs: z.nullable(DurationMs),
  llmMs: z.nullable(DurationMs),
  ttsMs: z.nullable(DurationMs),
  totalMs: DurationMs,
});
export const UsageReportedSchema = z.object({
  type: z.literal('usageReported'),
  sttAudioMs: DurationMs,
  llmInputTokens: Count,
  llmOutputTokens: Count,
  ttsCharacters: Count,
  ttsAudioMs: DurationMs,
});
export const ToolUsedSchema = z.object({
  type: z.literal('toolUsed'),
  tool: Id,
  succeeded: z.boolean(),
  durationMs: DurationMs,
  given: z.optional(z.string().check(z.maxLength(2_000))),
  gave: z.optional(z.string().check(z.maxLength(2_000))),
});
export const HumanRequestedSchema = z.object({
  type: z.literal('humanRequested'),
  reason: z.string().check(z.maxLength(500)),
});

export const AnsweredBySchema = z.object({
  type: z.literal('answeredBy'),
  verdict: z.enum(['human', 'machine', 'unsure']),
  confidence: z.number().check(z.minimum(0), z.maximum(1)),
  method: z.enum(['words', 'length', 'silence', 'timeLimit', 'carrier']),
  afterMs: DurationMs,
});
export const DoNotCallRequestedSchema = z.object({ type: z.literal('doNotCallRequested') });
export const CallBackRequestedSchema = z.object({ type: z.literal('callBackRequested'), forAtMs: AtMs });

const place = { seq: z.int().check(z.positive()), atMs: AtMs };
const event = <S extends z.core.$ZodLooseShape>(shape: S) => z.object({ ...shape, ...place });

/** One entry of a ledger as it travels; the type is the domain's. */
export const CallEventSchema: z.ZodMiniType<CallEvent> = z.discriminatedUnion('type', [
  event({
    type: z.literal('callRequested'),
    callId: Id,
    epoch: Id,
    room: Id,
    profile: Id,
    profileVersion: z.optional(Count),
    limits: z.optional(
      z.object({
        durationMs: DurationMs,
        spendMicros: z.nullable(Count),
        prices: z.optional(PricesSchema),
      }),
    ),
    channel: ChannelSchema,
    media: MediaSchema,
    contact: ContactSchema,
    requestedBy: Id,
    phone: z.optional(PhoneSchema),
    lead: z.optional(z.object({ leadId: Id, campaignId: Id })),
    dial: z.optional(DialOrderSchema),
    briefing: z.optional(BriefingSchema),
    recording: z.optional(RecordingPolicySchema),
    recorder: z.optional(z.literal('egress')),
  }),
  event({ type: z.literal('dialStarted') }),
  event({ type: z.literal('dialPlaced'), reference: z.string() }),
  event({ type: z.literal('dialRinging') }),
  event({ type: z.literal('dialFailed'), failure: DialFailureSchema, cause: z.string() }),
  event(AnsweredBySchema.shape),
  event(DoNotCallRequestedSchema.shape),
  event(CallBackRequestedSchema.shape),
  event({ type: z.literal('agentOffered'), offer: Count, hostId: Id, agentName: Id }),
  event({ type: z.literal('offerExpired'), offer: Count, reason: z.enum(['notOpened', 'dispatchFailed']) }),
  event({
    type: z.literal('agentJoined'),
    offer: Count,
    session: Id,
    hostId: Id,
    identity: Id,
    clockOffsetMs: z.number(),
  }),
  event({
    type: z.literal('agentLeft'),
    session: Id,
    reason: z.enum(['lost', 'failed', 'drained', 'finished']),
  }),
  event({ type: z.literal('customerJoined'), identity: Id, connection: Id }),
  event({ type: z.literal('customerLeft'), identity: Id, connection: Id }),
  event(WordsSpokenSchema.shape),
  event(TurnMeasuredSchema.shape),
  event(UsageReportedSchema.shape),
  event(ToolUsedSchema.shape),
  event(HumanRequestedSchema.shape),
  event({ type: z.literal('callBackPromised'), reason: z.enum(['noAgent', 'outage']) }),
  event({ type: z.literal('spendLimitReached'), spentMicros: Count }),
  ...agentFacts.map((fact) => event(fact.shape)),
  ...supervisionFacts.map((fact) => event(fact.shape)),
  ...recordingFacts.map((fact) => event(fact.shape)),
  event({ type: z.literal('hangUpRequested'), by: Id }),
  event({ type: z.literal('personalDataErased'), by: Id, words: z.boolean(), contact: z.boolean() }),
  event({
    type: z.literal('callEnded'),
    outcome: OutcomeSchema,
    endedBy: z.enum(['customer', 'agent', 'supervisor', 'system']),
    reason: z.string(),
  }),
]);
