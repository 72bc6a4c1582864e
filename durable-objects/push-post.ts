import type { VapidKeys } from '@block65/webcrypto-web-push';
import { buildPushPayload } from '@block65/webcrypto-web-push';
import { forgetSubscription, activeSubscription, subscriptionsWanting } from '../database/push.ts';
import { publicAddress } from '../domain/net/public-address.ts';
import type { Notice, PushMessage } from '../protocol/notices.ts';
import type { Env } from './env.ts';
import { log } from './log.ts';
import { within } from './within.ts';

/** A notice older than this is not pushed any more: who wakes up to it can do nothing about it. Seconds. */
const USEFUL_S = 3_600;
const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 15_000;
const ANSWERED_WITHIN_MS = 10_000;
const AT_ONCE = 8;
/** Stands for everyone until the list of devices was read. */
const EVERYONE = '*';

interface Row extends Record<string, SqlStorageValue> {
  number: number;
  subscription_id: string;
  tries: number;
}

/** Null where the deployment has no keys: then nothing is pushed. */
export function vapidOf({ VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY, VAPID_SUBJECT }: Env): VapidKeys | null {
  return VAPID_PUBLIC_KEY && VAPID_PRIVATE_KEY && VAPID_SUBJECT
    ? { publicKey: VAPID_PUBLIC_KEY, privateKey: VAPID_PRIVATE_KEY, subject: VAPID_SUBJECT }
    : null;
}

/**
 * Notices on their way to devices (NOTICE-4): five tries over about four minutes, none after an hour; a device that its push
 * service calls gone is forgotten.
 */
export class PushPost {
  readonly #env: Env;
  readonly #sql: SqlStorage;
  readonly #noticeNumbered: (number: number) => Notice | null;

  constructor(env: Env, sql: SqlStorage, noticeNumbered: (number: number) => Notice | null) {
    this.#env = env;
    this.#sql = sql;
    this.#noticeNumbered = noticeNumbered;
    sql.exec(`CREATE TABLE IF NOT EXISTS push (
      number INTEGER NOT NULL,
      subscription_id TEXT NOT NULL,
      tries INTEGER NOT NULL,
      due_at_ms INTEGER NOT NULL,
      PRIMARY KEY (number, subscription_id)
    ) WITHOUT ROWID`);
  }

  /** Owes it to every device that wants it. */
  owe(number: number, nowMs: number): void {
    if (vapidOf(this.#env) !== null) this.#insert(number, EVERYONE, nowMs);
  }

  nextDueAtMs(): number | null {
    return this.#sql.exec<{ due: number | null }>('SELECT min(due_at_ms) AS due FROM push').one().due;
  }

  /** Sends what is due, each once. Never throws. */
  async sendDue(nowMs: number): Promise<void> {
    for (const row of this.#due(nowMs, true))
      await this.#settle(row, () => this.#addressees(row.number, nowMs));
    const rows = this.#due(nowMs, false);
    const work = async (): Promise<void> => {
      for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
        const each = row;
        await this.#settle(each, () => this.#send(each));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  #due(nowMs: number, toEveryone: boolean): Row[] {
    return this.#sql
      .exec<Row>(
        `SELECT number, subscription_id, tries FROM push
         WHERE due_at_ms <= ? AND (subscription_id = '${EVERYONE}') = ? ORDER BY number`,
        nowMs,
        toEveryone ? 1 : 0,
      )
      .toArray();
  }

  async #addressees(number: number, nowMs: number): Promise<void> {
    const notice = this.#noticeNumbered(number);
    if (notice === null) return;
    for (const id of await subscriptionsWanting(this.#env.DB, notice.kind)) this.#insert(number, id, nowMs);
  }

  /** @throws Error when it is to be tried again */
  async #send(row: Row): Promise<void> {
    const notice = this.#noticeNumbered(row.number);
    const vapid = vapidOf(this.#env);
    const device = await activeSubscription(this.#env.DB, row.subscription_id);
    if (notice === null || vapid === null || device === null) return;
    const ttl = USEFUL_S - Math.floor((Date.now() - notice.atMs) / 1000);
    if (ttl <= 0) return;
    // Judged at each send, as webhooks are (HOOK-6).
    const address = publicAddress(device.endpoint);
    if (!address.ok) return forgetSubscription(this.#env.DB, device);
    const { id: _id, ...data } = notice;
    const { headers, body } = await buildPushPayload(
      {
        data: data satisfies PushMessage,
        options: { ttl, urgency: notice.severity === 'urgent' ? 'high' : 'normal' },
      },
      {
        endpoint: address.url.href,
        expirationTime: null,
        keys: { p256dh: device.p256dh, auth: device.auth },
      },
      vapid,
    );
    const status = await within(ANSWERED_WITHIN_MS, async (signal) => {
      const response = await fetch(address.url.href, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal,
      });
      await response.body?.cancel();
      return response.status;
    });
    if (status === 404 || status === 410) await forgetSubscription(this.#env.DB, device);
    else if (status < 200 || status > 299) throw new Error(`the push service answered ${status}`);
  }

  async #settle(row: Row, work: () => Promise<void>): Promise<void> {
    const { number, subscription_id: id, tries } = row;
    try {
      await work();
    } catch (error) {
      log('warn', 'push failed', { number, subscriptionId: id, tries: tries + 1, error: String(error) });
      if (tries + 1 < MOST_TRIES) {
        this.#sql.exec(
          'UPDATE push SET tries = tries + 1, due_at_ms = ? WHERE number = ? AND subscription_id = ?',
          Date.now() + FIRST_PAUSE_MS * 2 ** tries,
          number,
          id,
        );
        return;
      }
    }
    this.#sql.exec('DELETE FROM push WHERE number = ? AND subscription_id = ?', number, id);
  }

  #insert(number: number, subscriptionId: string, nowMs: number): void {
    this.#sql.exec(
      'INSERT OR IGNORE INTO push (number, subscription_id, tries, due_at_ms) VALUES (?, ?, 0, ?)',
      number,
      subscriptionId,
      nowMs,
    );
  }
}
