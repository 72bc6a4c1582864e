import * as z from 'zod/mini';
import { AtMs, Id } from '../primitives.ts';
import { SlugSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Rooms';

/** How a customer's client enters its room. */
export const JoinSchema = z.object({
  /** LiveKit's WebSocket URL. */
  url: z.string(),
  token: z.string(),
  room: Id,
  identity: Id,
});
export type Join = z.infer<typeof JoinSchema>;

export const PublicProfileSchema = z.object({ slug: Id, title: z.string(), language: z.string() });
export const getProfile = contract({
  method: 'GET',
  path: '/api/profiles/:slug',
  summary: 'What anyone may know of a line before calling it',
  tag,
  params: z.strictObject({ slug: SlugSchema }),
  status: 200,
  reply: PublicProfileSchema,
});

export const TokenReplySchema = z.object({
  callId: Id,
  ...JoinSchema.shape,
  /** Opens this one call's customer routes, as `Authorization: Bearer`. */
  callToken: z.string(),
  profile: PublicProfileSchema,
  /** Speech and models are the offline stand-ins: the page says so. */
  simulated: z.boolean(),
});
export const getToken = contract({
  method: 'GET',
  path: '/api/getToken',
  summary: "A customer's way in: requests the call and its agent",
  tag,
  query: z.strictObject({
    agent: SlugSchema,
    name: z.optional(z.string().check(z.maxLength(120))),
  }),
  status: 200,
  reply: TokenReplySchema,
});

export const getOwnCall = contract({
  method: 'GET',
  path: '/api/customer/calls/:callId',
  summary: "A customer's own call: how it stands, and whether we owe a call back",
  tag,
  params: z.strictObject({ callId: Uuid }),
  status: 200,
  reply: z.object({
    callId: Id,
    phase: z.enum(['requested', 'connecting', 'inProgress', 'ended']),
    callBackPromised: z.boolean(),
  }),
});

export const createRoom = contract({
  method: 'POST',
  path: '/api/room/create',
  summary: 'A call with its room in one step, for integrations: returns who enters and how',
  tag,
  body: z.strictObject({
    agent: SlugSchema,
    name: z.optional(z.nullable(z.string().check(z.maxLength(120)))),
  }),
  status: 201,
  reply: z.object({ callId: Id, ...JoinSchema.shape }),
  idempotency: 'replay',
  leadsTo: { 'GET /api/calls/:callId': { param: 'callId', field: '/callId' } },
});

export const listRooms = contract({
  method: 'GET',
  path: '/api/rooms',
  summary: "The media server's own list of rooms, each with the call it belongs to",
  tag,
  status: 200,
  reply: z.object({
    rooms: z.array(
      z.object({
        name: z.string(),
        /** Null for a room that is not ours. */
        callId: z.nullable(Id),
        participants: z.int(),
        createdAtMs: AtMs,
      }),
    ),
  }),
});

export const cleanUpRooms = contract({
  method: 'POST',
  path: '/api/room/cleanup',
  summary: 'Close rooms of ours whose call has ended or was never known',
  tag,
  status: 200,
  reply: z.object({ closed: z.array(z.string()), kept: z.int() }),
});
