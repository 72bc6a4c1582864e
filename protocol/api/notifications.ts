import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { NoticeKindSchema, NoticeSchema, noticeKinds } from '../notices.ts';
import { CursorSchema, EmptySchema, LimitSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Notifications';

export const listNotifications = contract({
  method: 'GET',
  path: '/api/notifications',
  summary: 'What people were told, newest first; live ones come on `/ws/notifications`',
  tag,
  query: z.strictObject({ cursor: z.optional(CursorSchema), limit: z.optional(LimitSchema) }),
  status: 200,
  reply: z.object({
    notifications: z.array(NoticeSchema),
    /** Everything up to this number has been read by who asks. */
    readUpTo: z.int(),
    nextCursor: z.nullable(z.string()),
  }),
});
export const readNotifications = contract({
  method: 'POST',
  path: '/api/notifications/read',
  summary: 'Everything up to this number has been read. It never goes back',
  tag,
  body: z.strictObject({ upTo: z.int().check(z.nonnegative()) }),
  status: 200,
  reply: z.object({ readUpTo: z.int() }),
});

export const getPushKey = contract({
  method: 'GET',
  path: '/api/push/key',
  summary: 'The key to subscribe with (`applicationServerKey`); null where push is not configured',
  tag,
  status: 200,
  reply: z.object({ publicKey: z.nullable(z.string()) }),
});

/** What `PushManager.subscribe()` gives, as its `toJSON()` writes it. */
export const NewSubscriptionSchema = z.strictObject({
  endpoint: z.string().check(z.maxLength(2_048), z.regex(/^https:\/\/[\x21-\x7e]+$/)),
  expirationTime: z.optional(z.nullable(z.number())),
  keys: z.strictObject({
    /** An uncompressed point of P-256, base64url. */
    p256dh: z.string().check(z.regex(/^B[A-P][A-Za-z0-9_-]{85}=?$/)),
    /** 16 bytes, base64url. */
    auth: z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw](==)?$/)),
  }),
});
export const SubscriptionSchema = z.object({
  id: Uuid,
  /** The push service's host name: which of my devices this is, as far as anyone knows. */
  service: z.string(),
  createdAtMs: AtMs,
});
export const subscribe = contract({
  method: 'POST',
  path: '/api/push/subscriptions',
  summary: 'Be told on this device. The same device again replaces what it gave before',
  tag,
  body: NewSubscriptionSchema,
  status: 201,
  reply: z.object({ subscription: SubscriptionSchema }),
  leadsTo: {
    'DELETE /api/push/subscriptions/:subscriptionId': {
      param: 'subscriptionId',
      field: '/subscription/id',
    },
  },
});
export const listSubscriptions = contract({
  method: 'GET',
  path: '/api/push/subscriptions',
  summary: 'My devices, and the kinds I do not want on them',
  tag,
  status: 200,
  reply: z.object({ subscriptions: z.array(SubscriptionSchema), mutedKinds: z.array(NoticeKindSchema) }),
});
export const unsubscribe = contract({
  method: 'DELETE',
  path: '/api/push/subscriptions/:subscriptionId',
  summary: 'No more on this device',
  tag,
  params: z.strictObject({ subscriptionId: Uuid }),
  status: 204,
});
export const mutePush = contract({
  method: 'PUT',
  path: '/api/push/mutes',
  summary: 'The kinds that are not pushed to my devices; on the pages they are still shown',
  tag,
  body: z.strictObject({ kinds: z.array(NoticeKindSchema).check(z.maxLength(2 * noticeKinds.length)) }),
  status: 200,
  reply: EmptySchema,
});
