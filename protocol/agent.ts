import * as z from 'zod/mini';
import { agentFacts } from './agent-facts.ts';
import { AgentActivitySchema, InterimSchema } from './interim.ts';
import { BriefingSchema } from './dial.ts';
import {
  AnsweredBySchema,
  CallBackRequestedSchema,
  DoNotCallRequestedSchema,
  HumanRequestedSchema,
  ToolUsedSchema,
  TurnMeasuredSchema,
  UsageReportedSchema,
  WordsSpokenSchema,
} from './ledger.ts';
import { AtMs, Id, SpeakerSchema, Text } from './primitives.ts';
import { HttpToolBriefingSchema, ProfileSchema } from './profile.ts';
import { ConsentLineSaidSchema, RecordingPolicySchema } from './recording.ts';
import { RehearsalSchema } from './scenario.ts';
import { RefusedSchema } from './refusal.ts';
import {
  ConnectionQualitySchema,
  LineForAgentSchema,
  OrderFollowedSchema,
  OrderForAgentSchema,
  SeatGoneSchema,
  SeatSeenSchema,
  VoiceWhisperedSchema,
} from './supervision.ts';

export const ObservationSchema = z.discriminatedUnion('type', [
  WordsSpokenSchema,
  TurnMeasuredSchema,
  UsageReportedSchema,
  ToolUsedSchema,
  ...agentFacts,
  HumanRequestedSchema,
  AnsweredBySchema,
  DoNotCallRequestedSchema,
  CallBackRequestedSchema,
  ConsentLineSaidSchema,
  z.object({
    type: z.literal('customerAnswered'),
    participant: z.object({ identity: Id, connection: Id }),
  }),
  OrderFollowedSchema,
  VoiceWhisperedSchema,
  SeatSeenSchema,
  SeatGoneSchema,
  z.object({
    type: z.literal('sessionEnding'),
    by: z.enum(['customer', 'agent', 'error', 'drain']),
    reason: z.string().check(z.maxLength(500)),
    outcome: z.optional(z.enum(['timeLimit', 'spendLimit', 'stale', 'agentFailed'])),
  }),
]);

/** Every observation has an id of its own; the same id twice changes nothing (LEDGER-1). */
export const ObservedSchema = z.object({ id: Id, observation: ObservationSchema });
export type Observed = z.infer<typeof ObservedSchema>;

/** Observations in one message or POST. Those that belong to one moment travel together and become one entry. */
export const OBSERVATIONS_AT_ONCE = 200;
const ObservationsSchema = z.array(ObservedSchema).check(z.minLength(1), z.maxLength(OBSERVATIONS_AT_ONCE));

export const AgentHelloSchema = z.object({
  type: z.literal('hello'),
  protocol: z.int(),
  /** Random per job process; survives reconnects. */
  session: Id,
  /** The LiveKit participant identity the agent has or will have in the room. */
  identity: Id,
  clockMs: AtMs,
});

/** Up the agent door: `/ws/agent/:callId`, authorised by the call's own door token. `hello` comes first. */
export const AgentUpSchema = z.discriminatedUnion('type', [
  AgentHelloSchema,
  z.object({ type: z.literal('observe'), observations: ObservationsSchema }),
  z.object({ type: z.literal('interim'), interim: InterimSchema }),
  z.object({ type: z.literal('activity'), activity: AgentActivitySchema }),
  z.object({ type: z.literal('quality'), quality: ConnectionQualitySchema }),
]);
export type AgentUp = z.infer<typeof AgentUpSchema>;

/** What supervisors want of the agent, as it stands: sent when it changes, and in the welcome. */
export const SteeringSchema = z.object({
  /** Not followed yet, oldest first; each is followed once however often it comes. */
  orders: z.array(OrderForAgentSchema),
  line: LineForAgentSchema,
  /** Somebody sits, or may, where they whisper by voice: go there and listen. */
  whispering: z.boolean(),
  /** The call has cost what it may: say goodbye and go (LIMIT-2). Left out until then. */
  limitReached: z.optional(z.literal('spend')),
});
export type Steering = z.infer<typeof SteeringSchema>;

/** Down the agent door. Each observation has an answer of its own, an `ack` once it is durable; what is not acknowledged is sent again. */
export const AgentDownSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    protocol: z.int(),
    callId: Id,
    profile: ProfileSchema,
    /** Those of the profile's tools that an admin defined; left out where there are none. */
    httpTools: z.optional(z.array(HttpToolBriefingSchema)),
    /** What it speaks now, where an agent before this one had switched. */
    language: z.optional(z.string()),
    contact: z.object({ name: z.nullable(z.string()) }),
    /** Left out where the profile says it all. */
    briefing: z.optional(BriefingSchema),
    /** Left out where there is no telephone in it. `voicemail`: what to do when a machine answers; null: we were called. */
    telephone: z.optional(
      z.object({
        voicemail: z.nullable(z.enum(['hangUp', 'leaveMessage'])),
        /** IANA: the customer's, where it is known. */
        zone: z.optional(z.string()),
      }),
    ),
    /** Left out where nothing is recorded. */
    recording: z.optional(
      z.object({
        policy: RecordingPolicySchema,
        /** LiveKit's service records: the host asks for consent, and does no more. */
        by: z.optional(z.literal('egress')),
        consentLine: z.nullable(z.string()),
        /** An agent before this one said it. */
        consentLineSaid: z.boolean(),
        /** Silence is recorded until somebody lets it go on. */
        paused: z.boolean(),
      }),
    ),
    /** What was said before, in speaking order: not empty for a successor or after a reconnect. */
    history: z.array(z.object({ speaker: SpeakerSchema, text: Text, interrupted: z.boolean() })),
    /** True when another agent served this call before: carry on, do not greet. */
    successor: z.boolean(),
    ended: z.boolean(),
    /** A scenario is held instead of a conversation with a customer (SCENE-1); left out otherwise. */
    rehearsal: z.optional(RehearsalSchema),
    /** Left out while nobody steers. */
    steering: z.optional(SteeringSchema),
  }),
  z.object({ type: z.literal('steering'), ...SteeringSchema.shape }),
  z.object({ type: z.literal('ack'), id: Id }),
  /** The call is over for this agent: stop speaking and leave the room. */
  z.object({ type: z.literal('leave'), reason: z.string() }),
  RefusedSchema,
]);
export type AgentDown = z.infer<typeof AgentDownSchema>;

/** What a dispatched job finds in its LiveKit job metadata. */
export const JobMetadataSchema = z.object({
  callId: Id,
  offer: z.int(),
  /** Opens this call's agent door and no other. */
  doorToken: z.string(),
});
export type JobMetadata = z.infer<typeof JobMetadataSchema>;

/** The same door as POST `/api/agent/calls/:callId/observations` for anyone without a socket. */
export const ObservationBatchSchema = z.object({
  hello: AgentHelloSchema,
  observations: ObservationsSchema,
});
export const ObservationResultsSchema = z.object({
  results: z.array(z.union([z.object({ type: z.literal('ack'), id: Id }), RefusedSchema])),
});
