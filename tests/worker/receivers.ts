import { createHmac } from 'node:crypto';
import type { Answer, Received } from './outbound-stand-in.ts';

const STEERING = 'http://receivers.test';

/** A receiver's address that no other test has. */
export const freshAddress = (path = ''): string => `https://hooks.example.com/${crypto.randomUUID()}${path}`;

/** What this address answers from now on; the last answer repeats. */
export async function plan(url: string, ...answers: Answer[]): Promise<void> {
  await fetch(`${STEERING}/answers?url=${encodeURIComponent(url)}`, {
    method: 'PUT',
    body: JSON.stringify(answers),
  });
}

/** Everything this address was sent so far, oldest first. */
export async function receivedBy(url: string): Promise<Received[]> {
  const response = await fetch(`${STEERING}/received?url=${encodeURIComponent(url)}`);
  return response.json<Received[]>();
}

export const textOf = ({ bodyBase64 }: Received): string => Buffer.from(bodyBase64, 'base64').toString();

/** Asks again and again until it is so. */
export async function eventually<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Which of the signatures a secret made; the documented way to check is run by tests/e2e/webhooks.e2e.ts. */
export function signaturesBy(secret: string, received: Received, body = textOf(received)): boolean[] {
  const {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': given = '',
  } = received.headers;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return given.split(' ').map((each) => each === `v1,${expected}`);
}
