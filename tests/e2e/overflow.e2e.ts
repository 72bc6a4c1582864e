import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CallEventSchema } from '../../protocol/ledger.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';
import { requestLabCall, startLabCall } from './lab-call.ts';
import { waitAndListen } from './patient-customer.ts';
import { signInCookie } from '../../scripts/stack/sign-in.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    name: 'e2e-overflow',
    keepState: false,
    web: 'none',
    labCalls: 0,
    seats: 1,
    minify: true,
    progress: () => undefined,
  });
});

afterAll(() => stack?.stop());

test('DISPATCH-8 with every seat taken a caller hears one sentence and is owed a call back', async () => {
  const first = await startLabCall(stack, 'polite-buyer', 21);
  await vi.waitFor(async () => expect(await agentsIn(first.callId)).toBe(1), {
    timeout: 30_000,
    interval: 250,
  });
  const second = await requestLabCall(stack);
  // A sentence of about five seconds; a click or a breath would be less than one.
  expect(await waitAndListen({ ...second.join, forMs: 90_000 })).toBeGreaterThan(1_000);
  await vi.waitFor(
    async () => {
      const ledger = await stack.worker.archive.get(`calls/${second.callId}/ledger.ndjson`);
      const events = (await ledger!.text())
        .trim()
        .split('\n')
        .map((line) => CallEventSchema.parse(JSON.parse(line)));
      const types = events.map((event) => event.type);
      expect(types).toContain('callBackPromised');
      expect(types).not.toContain('agentJoined');
      expect(events.find((event) => event.type === 'callEnded')).toMatchObject({ outcome: 'noAgent' });
    },
    { timeout: 60_000, interval: 500 },
  );
  const owed = await stack.worker.database.prepare('SELECT call_id, settled_at_ms FROM call_backs').all();
  expect(owed.results).toEqual([{ call_id: second.callId, settled_at_ms: null }]);
  // The one who was there first noticed nothing.
  expect((await first.report).endedBy).not.toBe('timeout');
});

let viewer: Promise<string> | undefined;

/** Signed in once: attempts are counted by account. */
const viewerCookie = (): Promise<string> =>
  (viewer ??= signInCookie(stack.worker.url, stack.webUrl, {
    email: 'viewer@demo.earshot',
    password: 'earshot-demo',
  }));

const agentsIn = async (callId: string): Promise<number> => {
  const headers = { cookie: await viewerCookie() };
  const reply = await fetch(`${stack.worker.url}/api/calls/${callId}`, { headers });
  const { call } = (await reply.json()) as { call: { agentHost: string | null } };
  return call.agentHost === null ? 0 : 1;
};
