import { and, desc, eq, lt } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import * as z from 'zod/mini';
import type { DisabledReason, Webhook } from '../protocol/api/webhooks.ts';
import type { WebhookEvent } from '../protocol/webhook.ts';
import { WebhookEventSchema } from '../protocol/webhook.ts';
import { auditStatement } from './audit.ts';
import { webhooks } from './schema/webhooks.ts';
import { cutPage } from './page.ts';

type Row = typeof webhooks.$inferSelect;

/** Names that an older deployment wrote and this one does not know are left out. */
const StoredEvents = z.array(z.string());

function webhookOf(row: Row): Webhook {
  const events = StoredEvents.parse(JSON.parse(row.events)).flatMap((each) => {
    const known = z.safeParse(WebhookEventSchema, each);
    return known.success ? [known.data] : [];
  });
  return { ...row, events };
}

export interface WebhookPage {
  readonly webhooks: readonly Webhook[];
  readonly nextCursor: string | null;
}

/** Newest first; the cursor is the last row's id. */
export async function listWebhooks(
  database: D1Database,
  cursor: string | null,
  limit: number,
): Promise<WebhookPage> {
  const rows = await drizzle(database)
    .select()
    .from(webhooks)
    .where(cursor === null ? undefined : lt(webhooks.id, cursor))
    .orderBy(desc(webhooks.id))
    .limit(limit + 1);
  const { page, nextCursor } = cutPage(rows, limit, (last) => last.id);
  return { webhooks: page.map(webhookOf), nextCursor };
}

export async function webhookNamed(database: D1Database, id: string): Promise<Webhook | null> {
  const row = await drizzle(database).select().from(webhooks).where(eq(webhooks.id, id)).get();
  return row === undefined ? null : webhookOf(row);
}

/** Enabled endpoints that asked for this event. There are few, so one read of all is the cheapest index. */
export async function webhooksFor(database: D1Database, event: WebhookEvent): Promise<Webhook[]> {
  const rows = await drizzle(database).select().from(webhooks).where(eq(webhooks.enabled, true));
  return rows.map(webhookOf).filter((each) => each.events.includes(event));
}

/** Every endpoint, whatever its state: whoever erases asks all of their desks. */
export async function allWebhookIds(database: D1Database): Promise<string[]> {
  const rows = await drizzle(database).select({ id: webhooks.id }).from(webhooks);
  return rows.map((row) => row.id);
}

/** Adds it, enabled; the same id again changes nothing. */
export async function addWebhook(
  database: D1Database,
  { id, url, description, events, includePersonalData, createdAtMs }: Webhook,
  audit: D1PreparedStatement,
): Promise<void> {
  const insert = database
    .prepare(
      `INSERT OR IGNORE INTO webhooks
         (id, url, description, events, include_personal_data, enabled, created_at_ms, changed_at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?6)`,
    )
    .bind(id, url, description, JSON.stringify(events), includePersonalData ? 1 : 0, createdAtMs);
  await database.batch([insert, audit]);
}

export type WebhookChanges = Partial<
  Pick<Webhook, 'url' | 'description' | 'events' | 'includePersonalData' | 'enabled'>
>;

/** @returns the endpoint as it now is, or null when there is none. */
export async function changeWebhook(
  database: D1Database,
  id: string,
  changes: WebhookChanges,
  nowMs: number,
  audit: D1PreparedStatement,
): Promise<Webhook | null> {
  const { events, enabled, ...rest } = changes;
  const statement = drizzle(database)
    .update(webhooks)
    .set({
      ...rest,
      ...(events === undefined ? {} : { events: JSON.stringify(events) }),
      ...(enabled === undefined ? {} : { enabled, disabledReason: enabled ? null : ('byPerson' as const) }),
      changedAtMs: nowMs,
    })
    .where(eq(webhooks.id, id))
    .toSQL();
  await database.batch([database.prepare(statement.sql).bind(...statement.params), audit]);
  return webhookNamed(database, id);
}

/** We stop posting on our own account; the audit log says so. Nothing happens when it was disabled already. */
export async function disableWebhook(
  database: D1Database,
  id: string,
  reason: Exclude<DisabledReason, 'byPerson'>,
  nowMs: number,
): Promise<void> {
  const changed = await drizzle(database)
    .update(webhooks)
    .set({ enabled: false, disabledReason: reason, changedAtMs: nowMs })
    .where(and(eq(webhooks.id, id), eq(webhooks.enabled, true)))
    .returning({ id: webhooks.id });
  if (changed.length === 0) return;
  const entry = {
    action: 'webhook.changed',
    actor: 'system',
    actorName: null,
    subject: `webhook:${id}`,
    detail: `disabled: ${reason}`,
    address: null,
    requestId: null,
  } as const;
  await auditStatement(database, entry, nowMs).run();
}

export async function removeWebhook(
  database: D1Database,
  id: string,
  audit: D1PreparedStatement,
): Promise<void> {
  await database.batch([database.prepare('DELETE FROM webhooks WHERE id = ?').bind(id), audit]);
}
