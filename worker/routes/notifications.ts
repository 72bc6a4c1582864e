import { Hono } from 'hono';
import type { Context } from 'hono';
import { uuidv7 } from 'uuidv7';
import {
  muteKinds,
  mutedKinds,
  putSubscription,
  removeSubscription,
  subscriptionsOf,
} from '../../database/push.ts';
import type { Subscription } from '../../database/push.ts';
import { publicAddress } from '../../domain/net/public-address.ts';
import { noticesOf } from '../../durable-objects/env.ts';
import { vapidOf } from '../../durable-objects/push-post.ts';
import { rowsOf } from '../../protocol/api/common.ts';
import * as contracts from '../../protocol/api/notifications.ts';
import type { AppEnv } from '../app-env.ts';
import { numberCursor, unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

/** Devices of one person; the one subscribed longest ago makes room. */
const MOST_DEVICES = 10;

export const notificationRoutes = new Hono<AppEnv>();

serve(notificationRoutes, contracts.listNotifications, async (c, { query }) => {
  const before = query.cursor === undefined ? null : numberCursor(query.cursor);
  if (query.cursor !== undefined && before === null) return unknownCursor(c);
  return noticesOf(c.env).list(myId(c), before, rowsOf(query.limit));
});

serve(notificationRoutes, contracts.readNotifications, async (c, { body }) => ({
  readUpTo: await noticesOf(c.env).read(myId(c), body.upTo),
}));

serve(notificationRoutes, contracts.getPushKey, (c) => ({ publicKey: vapidOf(c.env)?.publicKey ?? null }));

serve(notificationRoutes, contracts.subscribe, async (c, { body }) => {
  const address = publicAddress(body.endpoint);
  if (!address.ok) return unusable(c, 'endpoint', address.problem);
  if (!(await isPoint(body.keys.p256dh))) return unusable(c, 'keys.p256dh', 'not a point of P-256');
  const userId = myId(c);
  const subscription = await putSubscription(c.env.DB, {
    id: uuidv7(),
    userId,
    endpoint: address.url.href,
    p256dh: body.keys.p256dh,
    auth: body.keys.auth,
    createdAtMs: Date.now(),
  });
  const devices = await subscriptionsOf(c.env.DB, userId);
  for (const old of devices.slice(0, -MOST_DEVICES)) await removeSubscription(c.env.DB, userId, old.id);
  return { subscription: shown(subscription) };
});

serve(notificationRoutes, contracts.listSubscriptions, async (c) => ({
  subscriptions: (await subscriptionsOf(c.env.DB, myId(c))).map(shown),
  mutedKinds: await mutedKinds(c.env.DB, myId(c)),
}));

serve(notificationRoutes, contracts.unsubscribe, async (c, { params }) => {
  const removed = await removeSubscription(c.env.DB, myId(c), params.subscriptionId);
  return removed ? c.body(null, 204) : refuse(c, 'not_found', 'There is no such device of yours.');
});

serve(notificationRoutes, contracts.mutePush, async (c, { body }) => {
  await muteKinds(c.env.DB, myId(c), body.kinds);
  return {};
});

/** The access table lets only people in. */
function myId(c: Context<AppEnv>): string {
  const principal = c.get('principal');
  if (principal.kind !== 'user') throw new Error('only people have notifications');
  return principal.userId;
}

const shown = ({ id, endpoint, createdAtMs }: Subscription) => ({
  id,
  service: new URL(endpoint).hostname,
  createdAtMs,
});

/** Whether a device's key can be encrypted to at all: the curve decides, not the alphabet. */
async function isPoint(p256dh: string): Promise<boolean> {
  const bytes = Buffer.from(p256dh, 'base64url');
  try {
    await crypto.subtle.importKey('raw', bytes, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
    return true;
  } catch {
    return false;
  }
}

const unusable = (c: Context<AppEnv>, field: string, problem: string): Response =>
  refuse(c, 'address_forbidden', 'This subscription cannot be used.', {
    detail: 'Pass what PushManager.subscribe() gave, unchanged.',
    errors: [{ field, problem }],
  });
