import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { WebhookEventSchema, webhookEvents } from '../webhook.ts';
import { CursorSchema, EmptySchema, LimitSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Webhooks';
export const WebhookParams = z.strictObject({ webhookId: Uuid });
export const DeliveryParams = z.strictObject({ webhookId: Uuid, deliveryId: Uuid });

/** Whether the address is one we post to is said with `address_forbidden`: domain/net/public-address.ts. */
const UrlSchema = z.string().check(z.maxLength(2_048), z.regex(/^https?:\/\/[\x21-\x7e]+$/));
const EventsSchema = z.array(WebhookEventSchema).check(z.minLength(1), z.maxLength(2 * webhookEvents.length));
const DescriptionSchema = z.string().check(z.maxLength(200), z.regex(/^[^\u0000-\u001f\u007f]*$/));

/** Why we stopped posting: a person's wish, the receiver's 410, or three days of failures. */
export const DisabledReasonSchema = z.enum(['byPerson', 'gone', 'failing']);
export type DisabledReason = z.infer<typeof DisabledReasonSchema>;

export const WebhookSchema = z.object({
  id: Uuid,
  url: z.string(),
  description: z.string(),
  events: z.array(WebhookEventSchema),
  /** Contact names are in the bodies only then. */
  includePersonalData: z.boolean(),
  enabled: z.boolean(),
  /** Null while enabled. */
  disabledReason: z.nullable(DisabledReasonSchema),
  createdAtMs: AtMs,
  changedAtMs: AtMs,
});
export type Webhook = z.infer<typeof WebhookSchema>;

export const NewWebhookSchema = z.strictObject({
  url: UrlSchema,
  events: EventsSchema,
  description: z.optional(DescriptionSchema),
  includePersonalData: z.optional(z.boolean()),
});
export const createWebhook = contract({
  method: 'POST',
  path: '/api/webhooks',
  summary: 'Register an https endpoint for events. The secret that signs is shown in this answer only',
  tag,
  body: NewWebhookSchema,
  status: 201,
  reply: z.object({ webhook: WebhookSchema, secret: z.string() }),
  idempotency: 'once',
  leadsTo: {
    'GET /api/webhooks/:webhookId': { param: 'webhookId', field: '/webhook/id' },
    'PATCH /api/webhooks/:webhookId': { param: 'webhookId', field: '/webhook/id' },
    'DELETE /api/webhooks/:webhookId': { param: 'webhookId', field: '/webhook/id' },
    'POST /api/webhooks/:webhookId/test': { param: 'webhookId', field: '/webhook/id' },
    'GET /api/webhooks/:webhookId/deliveries': { param: 'webhookId', field: '/webhook/id' },
  },
});

export const listWebhooks = contract({
  method: 'GET',
  path: '/api/webhooks',
  summary: 'Registered endpoints, newest first',
  tag,
  query: z.strictObject({ cursor: z.optional(CursorSchema), limit: z.optional(LimitSchema) }),
  status: 200,
  reply: z.object({ webhooks: z.array(WebhookSchema), nextCursor: z.nullable(z.string()) }),
});

/** How an endpoint does, as its own desk knows. */
export const WebhookHealthSchema = z.object({
  pending: z.int(),
  dead: z.int(),
  lastDeliveredAtMs: z.nullable(AtMs),
  /** Since when no try succeeded; null after a success. Three days of it disable the endpoint. */
  failingSinceMs: z.nullable(AtMs),
  /** Until when the secret before this one signs too; null when only one does. */
  previousSecretUntilMs: z.nullable(AtMs),
});
export const getWebhook = contract({
  method: 'GET',
  path: '/api/webhooks/:webhookId',
  summary: 'One endpoint and how it does',
  tag,
  params: WebhookParams,
  status: 200,
  reply: z.object({ webhook: WebhookSchema, health: WebhookHealthSchema }),
});

export const WebhookChangesSchema = z.strictObject({
  url: z.optional(UrlSchema),
  events: z.optional(EventsSchema),
  description: z.optional(DescriptionSchema),
  includePersonalData: z.optional(z.boolean()),
  enabled: z.optional(z.boolean()),
});
export const changeWebhook = contract({
  method: 'PATCH',
  path: '/api/webhooks/:webhookId',
  summary: 'Change an endpoint: what is left out stays. Events already owed are sent as they were',
  tag,
  params: WebhookParams,
  body: WebhookChangesSchema,
  status: 200,
  reply: z.object({ webhook: WebhookSchema }),
});
export const deleteWebhook = contract({
  method: 'DELETE',
  path: '/api/webhooks/:webhookId',
  summary: 'Remove an endpoint with its deliveries and secrets',
  tag,
  params: WebhookParams,
  status: 204,
});
export const rotateWebhookSecret = contract({
  method: 'POST',
  path: '/api/webhooks/:webhookId/rotate-secret',
  summary: 'A new secret. The one before it signs beside it for 24 hours, an older one no more',
  tag,
  params: WebhookParams,
  status: 200,
  reply: z.object({ secret: z.string(), previousSecretUntilMs: AtMs }),
  idempotency: 'once',
});

/** `pending`: still tried. `dead`: given up, can be sent again. */
export const DeliveryStateSchema = z.enum(['pending', 'delivered', 'dead']);
export type DeliveryState = z.infer<typeof DeliveryStateSchema>;

export const DeliverySchema = z.object({
  id: Uuid,
  /** The header `webhook-id`. */
  messageId: z.string(),
  event: z.string(),
  state: DeliveryStateSchema,
  owedAtMs: AtMs,
  /** When it will be tried next; null unless pending. */
  nextTryAtMs: z.nullable(AtMs),
  settledAtMs: z.nullable(AtMs),
  tries: z.int(),
  /** What the last try came to; null before the first and after a success. */
  lastError: z.nullable(z.string()),
});
export type Delivery = z.infer<typeof DeliverySchema>;

/**
 * `refused`: a status that is not 2xx. `redirected`: we follow none. `addressForbidden`: not an address we post to (any
 * more). `disabled`: the endpoint was switched off before this was sent.
 */
export const DeliveryErrorSchema = z.enum([
  'timedOut',
  'unreachable',
  'refused',
  'redirected',
  'gone',
  'addressForbidden',
  'disabled',
]);
export type DeliveryError = z.infer<typeof DeliveryErrorSchema>;

export const AttemptSchema = z.object({
  atMs: AtMs,
  durationMs: z.int(),
  /** The receiver's answer; null when none came. */
  status: z.nullable(z.int()),
  /** Bytes of its body that were read, at most 1,024; the body itself is not kept. */
  responseBytes: z.nullable(z.int()),
  error: z.nullable(DeliveryErrorSchema),
});
export type Attempt = z.infer<typeof AttemptSchema>;

export const listDeliveries = contract({
  method: 'GET',
  path: '/api/webhooks/:webhookId/deliveries',
  summary: "An endpoint's deliveries of the last 30 days, newest first",
  tag,
  params: WebhookParams,
  query: z.strictObject({
    state: z.optional(DeliveryStateSchema),
    cursor: z.optional(CursorSchema),
    limit: z.optional(LimitSchema),
  }),
  status: 200,
  reply: z.object({ deliveries: z.array(DeliverySchema), nextCursor: z.nullable(z.string()) }),
});
export const getDelivery = contract({
  method: 'GET',
  path: '/api/webhooks/:webhookId/deliveries/:deliveryId',
  summary: 'One delivery: its tries, and the body as it is sent',
  tag,
  params: DeliveryParams,
  status: 200,
  reply: z.object({ delivery: DeliverySchema, attempts: z.array(AttemptSchema), body: z.string() }),
});
export const testWebhook = contract({
  method: 'POST',
  path: '/api/webhooks/:webhookId/test',
  summary: 'Send a `webhook.test` event, once: its delivery says how it went',
  tag,
  params: WebhookParams,
  status: 202,
  reply: z.object({ delivery: DeliverySchema }),
});
export const resendDelivery = contract({
  method: 'POST',
  path: '/api/webhooks/:webhookId/deliveries/:deliveryId/resend',
  summary: 'Send one again, under the id it had, with three new days to succeed',
  tag,
  params: DeliveryParams,
  status: 202,
  reply: EmptySchema,
});
export const resendDead = contract({
  method: 'POST',
  path: '/api/webhooks/:webhookId/resend-dead',
  summary: 'Send every delivery again that was given up',
  tag,
  params: WebhookParams,
  status: 202,
  reply: z.object({ resent: z.int() }),
});
