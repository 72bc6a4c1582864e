import * as z from 'zod/mini';
import { CarrierKindSchema, E164Schema } from '../dial.ts';
import { AtMs, Id } from '../primitives.ts';
import { SlugSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Telephony';
const CarrierParams = z.strictObject({ carrierId: Uuid });

const common = {
  name: z.string().check(z.minLength(1), z.maxLength(80), z.regex(/\S/)),
  callsPerSecond: z.number().check(z.minimum(0.01), z.maximum(50)),
  concurrency: z.int().check(z.minimum(1), z.maximum(1_000)),
  enabled: z.boolean(),
};
const Host = z.string().check(z.maxLength(253), z.regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$/));

/** Secrets of a trunk go to LiveKit and are kept nowhere else; Twilio's come from the environment. */
export const NewCarrierSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('lab') }),
  z.strictObject({
    ...common,
    kind: z.literal('livekitSip'),
    /** Where the provider takes calls. */
    address: Host,
    transport: z.enum(['auto', 'udp', 'tcp', 'tls']),
    numbers: z.array(E164Schema).check(z.minLength(1), z.maxLength(100)),
    username: z.nullable(z.string().check(z.maxLength(128))),
    password: z.nullable(z.string().check(z.maxLength(128))),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('twilio'),
    /** LiveKit's SIP address, where Twilio hands the customer over. */
    sipHost: Host,
    numbers: z.array(E164Schema).check(z.minLength(1), z.maxLength(100)),
  }),
]);
export const CarrierSchema = z.object({
  ...common,
  carrierId: Id,
  kind: CarrierKindSchema,
  numbers: z.array(z.string()),
  /** By kind: trunk id, address; never a secret. */
  details: z.record(z.string(), z.string()),
  createdAtMs: AtMs,
});
const CarrierReplySchema = z.object({ carrier: CarrierSchema });

export const listCarriers = contract({
  method: 'GET',
  path: '/api/carriers',
  summary: 'Ways to dial',
  tag,
  status: 200,
  reply: z.object({ carriers: z.array(CarrierSchema) }),
});
export const createCarrier = contract({
  method: 'POST',
  path: '/api/carriers',
  summary: 'Add a way to dial; a LiveKit trunk is made at the media server',
  tag,
  body: NewCarrierSchema,
  status: 201,
  reply: CarrierReplySchema,
  idempotency: 'replay',
});
export const changeCarrier = contract({
  method: 'PATCH',
  path: '/api/carriers/:carrierId',
  summary: 'Name, limits, and whether it is used',
  tag,
  params: CarrierParams,
  body: z.strictObject({
    name: z.optional(common.name),
    callsPerSecond: z.optional(common.callsPerSecond),
    concurrency: z.optional(common.concurrency),
    enabled: z.optional(common.enabled),
  }),
  status: 200,
  reply: CarrierReplySchema,
});
export const removeCarrier = contract({
  method: 'DELETE',
  path: '/api/carriers/:carrierId',
  summary: 'Remove a way to dial that no running campaign uses',
  tag,
  params: CarrierParams,
  status: 204,
});

/** One of our own numbers. */
export const LineSchema = z.object({
  phone: z.string(),
  carrierId: Id,
  label: z.string(),
  profile: z.nullable(z.string()),
  createdAtMs: AtMs,
});
export const listLines = contract({
  method: 'GET',
  path: '/api/lines',
  summary: 'Our numbers, and who answers each',
  tag,
  status: 200,
  reply: z.object({ lines: z.array(LineSchema) }),
});
/** The number is no secret: it is ours. */
export const putLine = contract({
  method: 'PUT',
  path: '/api/lines/:phone',
  summary: 'Say who answers a number; the dispatch rule follows',
  tag,
  params: z.strictObject({ phone: E164Schema }),
  body: z.strictObject({
    carrierId: Uuid,
    label: z.string().check(z.maxLength(80)),
    profile: z.nullable(SlugSchema),
  }),
  status: 200,
  reply: z.object({ line: LineSchema }),
});
export const removeLine = contract({
  method: 'DELETE',
  path: '/api/lines/:phone',
  summary: 'Nobody answers this number any more',
  tag,
  params: z.strictObject({ phone: E164Schema }),
  status: 204,
});
