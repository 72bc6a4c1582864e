import { DurableObject } from 'cloudflare:workers';
import type * as z from 'zod/mini';
import { disableWebhook, webhookNamed } from '../database/webhooks.ts';
import { TRIED_FOR_MS } from '../domain/webhook/schedule.ts';
import type { Delivery, DeliveryState, Webhook, WebhookHealthSchema } from '../protocol/api/webhooks.ts';
import type { WebhookBody } from '../protocol/webhook.ts';
import { MAX_WEBHOOK_BYTES } from '../protocol/webhook.ts';
import type { Env } from './env.ts';
import { log } from './log.ts';
import type { DueDelivery } from './webhook-deliveries.ts';
import { WebhookDeliveries } from './webhook-deliveries.ts';
import { post, testReceivers } from './webhook-post.ts';
import { WebhookSecrets } from './webhook-secrets.ts';

/** Tries of one endpoint at a time: a receiver that comes back after a day is not met by all of it at once. */
const AT_ONCE = 4;
/** One ringing of the alarm works this long at most, ms; the runtime allows fifteen minutes. What is left rings again. */
const ROUND_MS = 60_000;
/** Should a ringing be cut off, the next one comes after this, ms: longer than any try. */
const CUT_OFF_MS = 30_000;
const TEST = 'webhook.test';

/**
 * One endpoint's desk: its secrets, what it is owed and the tries. Which address, whether enabled: read from D1 before
 * each try, so that a change counts at once and a removed endpoint is never posted to. Everything happens in the alarm; a
 * crash between a try and its record repeats the try under the same id.
 */
export class WebhookDesk extends DurableObject<Env> {
  #deliveries: WebhookDeliveries;
  readonly #secrets: WebhookSecrets;
  readonly #underWay = new Set<string>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#deliveries = new WebhookDeliveries(ctx.storage.sql);
    this.#secrets = new WebhookSecrets(ctx.storage.kv);
  }

  /** Begins anew for this endpoint. @returns its secret, to be shown once */
  open(webhookId: string): string {
    this.ctx.storage.kv.put('webhookId', webhookId);
    return this.#secrets.begin();
  }

  rotate(): ReturnType<WebhookSecrets['rotate']> {
    return this.#secrets.rotate(Date.now());
  }

  /** Keeps it and tries it soon; the same message again changes nothing. A desk that was closed takes nothing. */
  async owe(body: WebhookBody, callId: string | null): Promise<void> {
    if (this.#webhookId === null) return;
    this.#owe(body, callId, false);
    await this.#setAlarm();
  }

  /** One test, tried once, also while the endpoint is disabled. Null when the desk was closed. */
  async sendTest(): Promise<Delivery | null> {
    const webhookId = this.#webhookId;
    if (webhookId === null) return null;
    const id = `test:${crypto.randomUUID()}`;
    const delivery = this.#owe({ id, type: TEST, atMs: Date.now(), data: { webhookId } }, null, true);
    await this.#setAlarm();
    return this.#deliveries.find(delivery)?.delivery ?? null;
  }

  deliveries(state: DeliveryState | null, beforeSeq: number | null, limit: number) {
    return this.#deliveries.page(state, beforeSeq, limit);
  }

  delivery(id: string): ReturnType<WebhookDeliveries['find']> {
    return this.#deliveries.find(id);
  }

  /** @returns whether there is such a delivery. */
  async resend(id: string): Promise<boolean> {
    const found = this.#deliveries.resend(id, Date.now());
    await this.#setAlarm();
    return found;
  }

  async resendDead(): Promise<number> {
    const count = this.#deliveries.resendDead(Date.now());
    await this.#setAlarm();
    return count;
  }

  health(): z.infer<typeof WebhookHealthSchema> {
    return {
      pending: this.#deliveries.count('pending'),
      dead: this.#deliveries.count('dead'),
      lastDeliveredAtMs: this.ctx.storage.kv.get<number>('lastDeliveredAtMs') ?? null,
      failingSinceMs: this.ctx.storage.kv.get<number>('failingSinceMs') ?? null,
      previousSecretUntilMs: this.#secrets.previousUntilMs(Date.now()),
    };
  }

  /** A person enabled it or gave it another address: its old failures count no more. */
  startAfresh(): void {
    this.ctx.storage.kv.delete('failingSinceMs');
  }

  /** Removes what is kept of this call. */
  forget(callId: string): void {
    this.#deliveries.forget(callId);
  }

  /** The endpoint is gone: nothing of it stays. */
  async close(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#deliveries = new WebhookDeliveries(this.ctx.storage.sql);
  }

  override async alarm(): Promise<void> {
    const startedAtMs = Date.now();
    await this.ctx.storage.setAlarm(startedAtMs + CUT_OFF_MS + ROUND_MS);
    this.#deliveries.prune(startedAtMs);
    const endsAtMs = startedAtMs + ROUND_MS;
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.#work(endsAtMs)));
    await this.#setAlarm();
  }

  get #webhookId(): string | null {
    return this.ctx.storage.kv.get<string>('webhookId') ?? null;
  }

  #owe(body: WebhookBody, callId: string | null, once: boolean): string {
    const text = JSON.stringify(body);
    if (Buffer.byteLength(text) > MAX_WEBHOOK_BYTES) throw new Error('the body is too large to be sent');
    return this.#deliveries.owe(
      { messageId: body.id, event: body.type, callId, body: text, once },
      Date.now(),
    );
  }

  /** One after the other, until nothing is due or the round is over. */
  async #work(endsAtMs: number): Promise<void> {
    while (Date.now() < endsAtMs) {
      const due = this.#deliveries.nextDue(Date.now(), this.#underWay);
      if (due === null) return;
      this.#underWay.add(due.id);
      try {
        await this.#deliver(due);
      } catch (error) {
        // D1 did not answer: the receiver was not asked, and nothing is counted against it.
        log('warn', 'webhook put off', { deliveryId: due.id, error: String(error) });
        this.#deliveries.postpone(due.id, Date.now() + CUT_OFF_MS);
      } finally {
        this.#underWay.delete(due.id);
      }
    }
  }

  async #deliver(due: DueDelivery): Promise<void> {
    const webhookId = this.#webhookId;
    const webhook = webhookId === null ? null : await webhookNamed(this.env.DB, webhookId);
    if (webhook === null) return this.close();
    if (!webhook.enabled && due.event !== TEST)
      return this.#deliveries.giveUp(due.id, 'disabled', Date.now());
    const atMs = Date.now();
    const timestampS = Math.floor(atMs / 1000);
    const headers = {
      'webhook-id': due.messageId,
      'webhook-timestamp': String(timestampS),
      'webhook-signature': this.#secrets.sign(due.messageId, timestampS, due.body, atMs),
    };
    const posted = await post(webhook.url, due.body, headers, testReceivers(this.env));
    // Closed while it was under way: there is nothing left to write it to.
    if (this.#webhookId === null) return;
    const nowMs = Date.now();
    this.#deliveries.tried(due.id, atMs, posted, nowMs, Math.random());
    if (posted.error === null) return this.#succeeded(nowMs);
    const { error, status } = posted;
    log('warn', 'webhook failed', { webhookId: webhook.id, deliveryId: due.id, error, status });
    if (due.event !== TEST) await this.#failed(webhook, error === 'gone', nowMs);
  }

  #succeeded(nowMs: number): void {
    this.ctx.storage.kv.put('lastDeliveredAtMs', nowMs);
    this.ctx.storage.kv.delete('failingSinceMs');
  }

  /** A receiver that says it is gone, or only fails for three days, is not asked again until a person enables it. */
  async #failed(webhook: Webhook, gone: boolean, nowMs: number): Promise<void> {
    const since = this.ctx.storage.kv.get<number>('failingSinceMs');
    if (since === undefined) this.ctx.storage.kv.put('failingSinceMs', nowMs);
    const failing = since !== undefined && nowMs - since >= TRIED_FOR_MS;
    if (!gone && !failing) return;
    await disableWebhook(this.env.DB, webhook.id, gone ? 'gone' : 'failing', nowMs);
    this.#deliveries.giveUpAll('disabled', nowMs);
  }

  /** For the next try, or the next that has been kept long enough. */
  async #setAlarm(): Promise<void> {
    const times = [this.#deliveries.nextDueAtMs(), this.#deliveries.nextPruneAtMs()].filter(
      (each) => each !== null,
    );
    if (times.length === 0) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Math.max(Math.min(...times), Date.now()));
  }
}
