import { Hono } from 'hono';
import type { Context } from 'hono';
import * as z from 'zod/mini';
import { uuidv7 } from 'uuidv7';
import {
  addWebhook,
  allWebhookIds,
  changeWebhook,
  listWebhooks,
  removeWebhook,
  webhookNamed,
} from '../../database/webhooks.ts';
import { publicAddress } from '../../domain/net/public-address.ts';
import type { Sight } from '../../domain/privacy/sight.ts';
import { nameInSight } from '../../domain/privacy/sight.ts';
import { webhookDeskOf } from '../../durable-objects/env.ts';
import { testReceivers } from '../../durable-objects/webhook-post.ts';
import { Uuid, rowsOf } from '../../protocol/api/common.ts';
import * as contracts from '../../protocol/api/webhooks.ts';
import type { Webhook } from '../../protocol/api/webhooks.ts';
import { sightIn } from '../access/sight.ts';
import type { WebhookBody } from '../../protocol/webhook.ts';
import type { AppEnv } from '../app-env.ts';
import { audit, auditOf } from '../audit/record.ts';
import { numberCursor, unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

/** Each event is handed to each endpoint that asked for it while the call waits for nothing else: they stay few. */
const MOST_WEBHOOKS = 20;

export const webhookRoutes = new Hono<AppEnv>();

serve(webhookRoutes, contracts.createWebhook, async (c, { body }) => {
  const address = publicAddress(body.url, testReceivers(c.env));
  if (!address.ok) return addressForbidden(c, address.problem);
  const nowMs = Date.now();
  const webhook: Webhook = {
    id: c.get('newId') ?? uuidv7(),
    url: address.url.href,
    description: body.description ?? '',
    events: [...new Set(body.events)],
    includePersonalData: body.includePersonalData ?? false,
    enabled: true,
    disabledReason: null,
    createdAtMs: nowMs,
    changedAtMs: nowMs,
  };
  const others = (await allWebhookIds(c.env.DB)).filter((each) => each !== webhook.id);
  if (others.length >= MOST_WEBHOOKS) {
    return refuse(c, 'conflict', `There are ${MOST_WEBHOOKS} webhooks already.`, {
      detail: 'Delete one that is not needed any more.',
    });
  }
  // First the desk: an endpoint that is listed can always sign.
  const secret = await webhookDeskOf(c.env, webhook.id).open(webhook.id);
  await addWebhook(c.env.DB, webhook, auditOf(c, 'webhook.created', { subject: subjectOf(webhook) }));
  return { webhook, secret };
});

serve(webhookRoutes, contracts.listWebhooks, async (c, { query }) => {
  const { cursor = null } = query;
  if (cursor !== null && !z.safeParse(Uuid, cursor).success) return unknownCursor(c);
  return listWebhooks(c.env.DB, cursor, rowsOf(query.limit));
});

serve(webhookRoutes, contracts.getWebhook, async (c, { params: { webhookId } }) => {
  const webhook = await webhookNamed(c.env.DB, webhookId);
  if (webhook === null) return noSuchWebhook(c);
  return { webhook, health: await webhookDeskOf(c.env, webhookId).health() };
});

serve(webhookRoutes, contracts.changeWebhook, async (c, { params: { webhookId }, body }) => {
  const before = await webhookNamed(c.env.DB, webhookId);
  if (before === null) return noSuchWebhook(c);
  const { url, events, ...rest } = body;
  const address = url === undefined ? null : publicAddress(url, testReceivers(c.env));
  if (address?.ok === false) return addressForbidden(c, address.problem);
  const changes = {
    ...rest,
    ...(address === null ? {} : { url: address.url.href }),
    ...(events === undefined ? {} : { events: [...new Set(events)] }),
  };
  const detail = Object.keys(changes).join(', ');
  const entry = auditOf(c, 'webhook.changed', { subject: subjectOf(before), detail });
  const webhook = await changeWebhook(c.env.DB, webhookId, changes, Date.now(), entry);
  if (webhook === null) return noSuchWebhook(c);
  if (url !== undefined || (webhook.enabled && !before.enabled))
    await webhookDeskOf(c.env, webhookId).startAfresh();
  return { webhook };
});

serve(webhookRoutes, contracts.deleteWebhook, async (c, { params: { webhookId } }) => {
  const webhook = await webhookNamed(c.env.DB, webhookId);
  if (webhook === null) return noSuchWebhook(c);
  await removeWebhook(c.env.DB, webhookId, auditOf(c, 'webhook.deleted', { subject: subjectOf(webhook) }));
  // Should this fail, the desk finds its endpoint gone at the next try and closes itself.
  await webhookDeskOf(c.env, webhookId).close();
  return c.body(null, 204);
});

serve(webhookRoutes, contracts.rotateWebhookSecret, async (c, { params: { webhookId } }) => {
  const webhook = await webhookNamed(c.env.DB, webhookId);
  if (webhook === null) return noSuchWebhook(c);
  const rotated = await webhookDeskOf(c.env, webhookId).rotate();
  await audit(c, 'webhook.secretRotated', { subject: subjectOf(webhook) });
  return rotated;
});

serve(webhookRoutes, contracts.testWebhook, async (c, { params: { webhookId } }) => {
  if ((await webhookNamed(c.env.DB, webhookId)) === null) return noSuchWebhook(c);
  const delivery = await webhookDeskOf(c.env, webhookId).sendTest();
  return delivery === null ? noSuchWebhook(c) : { delivery };
});

serve(webhookRoutes, contracts.listDeliveries, async (c, { params: { webhookId }, query }) => {
  if ((await webhookNamed(c.env.DB, webhookId)) === null) return noSuchWebhook(c);
  const before = query.cursor === undefined ? null : numberCursor(query.cursor);
  if (query.cursor !== undefined && before === null) return unknownCursor(c);
  return webhookDeskOf(c.env, webhookId).deliveries(query.state ?? null, before, rowsOf(query.limit));
});

serve(webhookRoutes, contracts.getDelivery, async (c, { params: { webhookId, deliveryId } }) => {
  if ((await webhookNamed(c.env.DB, webhookId)) === null) return noSuchWebhook(c);
  const found = await webhookDeskOf(c.env, webhookId).delivery(deliveryId);
  return found === null ? noSuchDelivery(c) : { ...found, body: bodyInSight(found.body, sightIn(c)) };
});

serve(webhookRoutes, contracts.resendDelivery, async (c, { params: { webhookId, deliveryId } }) => {
  const webhook = await webhookNamed(c.env.DB, webhookId);
  if (webhook === null) return noSuchWebhook(c);
  if (!webhook.enabled) return enableFirst(c);
  if (!(await webhookDeskOf(c.env, webhookId).resend(deliveryId))) return noSuchDelivery(c);
  await audit(c, 'webhook.resent', { subject: subjectOf(webhook), detail: '1 delivery' });
  return {};
});

serve(webhookRoutes, contracts.resendDead, async (c, { params: { webhookId } }) => {
  const webhook = await webhookNamed(c.env.DB, webhookId);
  if (webhook === null) return noSuchWebhook(c);
  if (!webhook.enabled) return enableFirst(c);
  const resent = await webhookDeskOf(c.env, webhookId).resendDead();
  await audit(c, 'webhook.resent', { subject: subjectOf(webhook), detail: `${resent} deliveries` });
  return { resent };
});

/** The endpoint may have opted in to names; whoever looks over its shoulder sees what they may (PRIVACY-1). */
function bodyInSight(text: string, sight: Sight): string {
  if (sight === 'clear') return text;
  const body = JSON.parse(text) as WebhookBody;
  if (!('contactName' in body.data)) return text;
  const contactName = nameInSight(body.data.contactName ?? null, sight);
  return JSON.stringify({ ...body, data: { ...body.data, contactName } });
}

const subjectOf = ({ id }: Webhook): string => `webhook:${id}`;

const noSuchWebhook = (c: Context<AppEnv>): Response => refuse(c, 'not_found', 'There is no such webhook.');
const noSuchDelivery = (c: Context<AppEnv>): Response =>
  refuse(c, 'not_found', 'There is no such delivery.', { detail: 'Deliveries are kept for 30 days.' });
const enableFirst = (c: Context<AppEnv>): Response =>
  refuse(c, 'conflict', 'This webhook is disabled.', { detail: 'Enable it first.' });
const addressForbidden = (c: Context<AppEnv>, problem: string): Response =>
  refuse(c, 'address_forbidden', 'This is no address that we post to.', {
    detail: 'Give a public https address by its name, on port 443 or 8443.',
    errors: [{ field: 'url', problem }],
  });
