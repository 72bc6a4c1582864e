import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoLogins, seedDemoLogins } from '../../scripts/stack/demo-logins.ts';
import { ROOT } from '../../scripts/stack/paths.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import type { WorkerServer } from '../../scripts/stack/worker-server.ts';
import { bundleWorker, startWorker } from '../../scripts/stack/worker-server.ts';
import { signInCookie } from '../../scripts/stack/sign-in.ts';

type Verify = (secret: string, headers: IncomingHttpHeaders, body: string, nowMs?: number) => boolean;
interface Came {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const ORIGIN = 'http://earshot.test';
const LAB_KEY = 'webhook-e2e-lab-key-0001';
let worker: WorkerServer;
let receiver: Server;
let address: string;
const came: Came[] = [];
/** What the receiver does, one after the other; then 200. */
const manners: ('fails' | 'hangsUp' | 'hasNothingToSay')[] = [];
let arrived: () => void = () => undefined;

beforeAll(async () => {
  const receiverPort = await freePort();
  address = `http://127.0.0.1:${receiverPort}`;
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      came.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const manner = manners.shift();
      if (manner === 'hangsUp') request.socket.destroy();
      else response.writeHead(manner === 'fails' ? 500 : manner === undefined ? 200 : 204).end();
      arrived();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(receiverPort, '127.0.0.1', resolve));
  worker = await startWorker({
    bundleDir: await bundleWorker(mkdtempSync(join(tmpdir(), 'earshot-webhooks-'))),
    port: await freePort(),
    stateDir: mkdtempSync(join(tmpdir(), 'earshot-state-')),
    bindings: {
      APP_ORIGINS: ORIGIN,
      AUTH_SECRET: 'q8Zr2LxV7nWkT4cBs9YdHj3FgPm6Xa1E',
      DOOR_SECRET: 'webhook-e2e-door-secret-0001',
      AGENT_HOST_KEY: 'webhook-e2e-host-key-0001',
      LAB_KEY,
      SIMULATED: 'media',
      WEBHOOK_TEST_RECEIVERS: address,
      DEMO_LOGINS: '[]',
    },
    log: () => undefined,
  });
  await seedDemoLogins(worker.database);
});
afterAll(async () => {
  await worker?.stop();
  await new Promise((resolve) => receiver.close(resolve));
});

/** The way to check a signature exactly as docs/webhooks.md prints it. */
async function documentedCheck(): Promise<Verify> {
  const [, code = ''] =
    /```js\n([\s\S]+?)```/.exec(readFileSync(join(ROOT, 'docs/webhooks.md'), 'utf8')) ?? [];
  const file = join(mkdtempSync(join(tmpdir(), 'earshot-doc-')), 'verify.mjs');
  writeFileSync(file, code);
  return ((await import(file)) as { isFromEarshot: Verify }).isFromEarshot;
}

async function ask<T>(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${worker.url}${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function signedIn(): Promise<Record<string, string>> {
  const admin = demoLogins.find((each) => each.role === 'admin')!;
  return { cookie: await signInCookie(worker.url, ORIGIN, admin), origin: ORIGIN };
}

async function untilCame(count: number): Promise<void> {
  while (came.length < count) await new Promise<void>((resolve) => (arrived = resolve));
}

test('an event reaches a receiver of its own through failures and a deploy, under one id, signed as documented', async () => {
  const isFromEarshot = await documentedCheck();
  const admin = await signedIn();
  const { webhook, secret } = await ask<{ webhook: { id: string }; secret: string }>(
    'POST',
    '/api/webhooks',
    admin,
    {
      url: `${address}/hook`,
      events: ['call.requested'],
    },
  );
  manners.push('fails', 'hangsUp', 'hasNothingToSay');
  const { call } = await ask<{ call: { id: string } }>(
    'POST',
    '/api/calls',
    { authorization: `Bearer ${LAB_KEY}` },
    {
      profile: 'auto-sales',
      channel: 'lab',
      contact: { name: 'Robin' },
    },
  );
  await untilCame(1);
  // Every object is thrown out of memory, as by a deploy; the retry is in storage.
  await worker.restart();
  await untilCame(3);
  const deliveries = `/api/webhooks/${webhook.id}/deliveries`;
  const delivered = async () =>
    (
      await ask<{ deliveries: { id: string; tries: number }[] }>(
        'GET',
        `${deliveries}?state=delivered`,
        admin,
      )
    ).deliveries;
  let [done] = await delivered();
  while (done === undefined) [done] = await delivered();

  expect(came).toHaveLength(3);
  expect(new Set(came.map((each) => each.headers['webhook-id']))).toEqual(new Set([`call:${call.id}:1`]));
  for (const { headers, body } of came) {
    expect(isFromEarshot(secret, headers, body)).toBe(true);
    expect(isFromEarshot(secret, headers, body.replace('requested', 'answered'))).toBe(false);
    expect(isFromEarshot(`whsec_${Buffer.alloc(32).toString('base64')}`, headers, body)).toBe(false);
    expect(isFromEarshot(secret, headers, body, Date.now() + 600_000)).toBe(false);
    expect(body).not.toContain('Robin');
  }
  const { attempts } = await ask<{ attempts: { status: number | null; error: string | null }[] }>(
    'GET',
    `${deliveries}/${done.id}`,
    admin,
  );
  expect(attempts.map(({ status, error }) => [status, error])).toEqual([
    [500, 'refused'],
    [null, 'unreachable'],
    [204, null],
  ]);

  const rotated = await ask<{ secret: string }>('POST', `/api/webhooks/${webhook.id}/rotate-secret`, admin);
  await ask('POST', `/api/webhooks/${webhook.id}/test`, admin);
  await untilCame(4);
  const { headers, body } = came[3]!;
  for (const each of [secret, rotated.secret]) expect(isFromEarshot(each, headers, body)).toBe(true);
});
