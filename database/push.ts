import { and, eq, isNull } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import * as z from 'zod/mini';
import type { NoticeKind } from '../protocol/notices.ts';
import { NoticeKindSchema } from '../protocol/notices.ts';
import { user } from './schema/accounts.ts';
import { pushMutes, pushSubscriptions } from './schema/push.ts';

export type Subscription = typeof pushSubscriptions.$inferSelect;

/**
 * A device belongs to whoever subscribed on it last: two people who share a browser never get each other's pushes.
 * @returns the subscription as it now is; a device known already keeps its id
 */
export async function putSubscription(database: D1Database, given: Subscription): Promise<Subscription> {
  const { userId, p256dh, auth, createdAtMs } = given;
  const [row] = await drizzle(database)
    .insert(pushSubscriptions)
    .values(given)
    .onConflictDoUpdate({ target: pushSubscriptions.endpoint, set: { userId, p256dh, auth, createdAtMs } })
    .returning();
  return row as Subscription;
}

export async function subscriptionsOf(database: D1Database, userId: string): Promise<Subscription[]> {
  return drizzle(database)
    .select()
    .from(pushSubscriptions)
    .where(eq(pushSubscriptions.userId, userId))
    .orderBy(pushSubscriptions.createdAtMs);
}

/** @returns whether this person had such a device. */
export async function removeSubscription(database: D1Database, userId: string, id: string): Promise<boolean> {
  const removed = await drizzle(database)
    .delete(pushSubscriptions)
    .where(and(eq(pushSubscriptions.id, id), eq(pushSubscriptions.userId, userId)))
    .returning({ id: pushSubscriptions.id });
  return removed.length > 0;
}

/** The push service says the device is gone. A device that has subscribed anew since then has other keys and stays. */
export async function forgetSubscription(database: D1Database, { id, auth }: Subscription): Promise<void> {
  await drizzle(database)
    .delete(pushSubscriptions)
    .where(and(eq(pushSubscriptions.id, id), eq(pushSubscriptions.auth, auth)));
}

/** The device, unless its owner's account is disabled by now. */
export async function activeSubscription(database: D1Database, id: string): Promise<Subscription | null> {
  const row = await drizzle(database)
    .select({ device: pushSubscriptions })
    .from(pushSubscriptions)
    .innerJoin(user, and(eq(user.id, pushSubscriptions.userId), isNull(user.disabledAtMs)))
    .where(eq(pushSubscriptions.id, id))
    .get();
  return row?.device ?? null;
}

/** Devices of everyone who may still sign in and has not muted this kind. */
export async function subscriptionsWanting(database: D1Database, kind: NoticeKind): Promise<string[]> {
  const { results } = await database
    .prepare(
      `SELECT device.id FROM push_subscriptions AS device
       JOIN user ON user.id = device.user_id AND user.disabledAtMs IS NULL
       WHERE NOT EXISTS (SELECT 1 FROM push_mutes WHERE user_id = device.user_id AND kind = ?)`,
    )
    .bind(kind)
    .all<{ id: string }>();
  return results.map((row) => row.id);
}

export async function mutedKinds(database: D1Database, userId: string): Promise<NoticeKind[]> {
  const rows = await drizzle(database)
    .select({ kind: pushMutes.kind })
    .from(pushMutes)
    .where(eq(pushMutes.userId, userId));
  return rows.flatMap((row) => {
    const known = z.safeParse(NoticeKindSchema, row.kind);
    return known.success ? [known.data] : [];
  });
}

export async function muteKinds(
  database: D1Database,
  userId: string,
  kinds: readonly NoticeKind[],
): Promise<void> {
  const insert = database.prepare('INSERT OR IGNORE INTO push_mutes (user_id, kind) VALUES (?, ?)');
  await database.batch([
    database.prepare('DELETE FROM push_mutes WHERE user_id = ?').bind(userId),
    ...kinds.map((kind) => insert.bind(userId, kind)),
  ]);
}
