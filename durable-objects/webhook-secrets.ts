import { createHmac, randomBytes } from 'node:crypto';

/** After a rotation the secret before signs too for this long, so that a receiver can be changed in peace (HOOK-2). */
export const OLD_SECRET_SIGNS_MS = 24 * 3_600_000;
const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

interface Kept {
  readonly current: string;
  readonly previous: { readonly secret: string; readonly untilMs: number } | null;
}

const KEY = 'secrets';

/** An endpoint's signing secrets: in its desk's own storage, shown once, never in D1, a list or a log. */
export class WebhookSecrets {
  readonly #kv: SyncKvStorage;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
  }

  /** Begins with a new secret and no other. */
  begin(): string {
    const current = newSecret();
    this.#kv.put<Kept>(KEY, { current, previous: null });
    return current;
  }

  /** At most two sign at a time: a secret that was already the one before stops at once. */
  rotate(nowMs: number): { readonly secret: string; readonly previousSecretUntilMs: number } {
    const untilMs = nowMs + OLD_SECRET_SIGNS_MS;
    const current = newSecret();
    this.#kv.put<Kept>(KEY, { current, previous: { secret: this.#require().current, untilMs } });
    return { secret: current, previousSecretUntilMs: untilMs };
  }

  previousUntilMs(nowMs: number): number | null {
    const previous = this.#kv.get<Kept>(KEY)?.previous ?? null;
    return previous !== null && previous.untilMs > nowMs ? previous.untilMs : null;
  }

  /** The header `webhook-signature`: one signature for each secret that is valid, the current one first. */
  sign(messageId: string, timestampS: number, body: string, nowMs: number): string {
    const { current, previous } = this.#require();
    const valid = [current, ...(previous !== null && previous.untilMs > nowMs ? [previous.secret] : [])];
    const content = `${messageId}.${timestampS}.${body}`;
    return valid.map((secret) => `v1,${signature(secret, content)}`).join(' ');
  }

  #require(): Kept {
    const kept = this.#kv.get<Kept>(KEY);
    if (kept === undefined) throw new Error('the desk was never opened');
    return kept;
  }
}

const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

function signature(secret: string, content: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}
