import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { profileDefaults } from '../../domain/profile/defaults.ts';
import { Deployment } from '../../scripts/soak/deployment.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';
import { startLabCall } from './lab-call.ts';

let stack: Stack;
let deployment: Deployment;

const fault = async (change: Record<string, string>): Promise<void> => {
  const response = await fetch(new URL('/lab/faults', stack.labUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  expect(response.status).toBe(200);
};
const typesOf = async (callId: string): Promise<string[]> =>
  (await deployment.ledger(callId)).map(({ type }) => type);

beforeAll(async () => {
  stack = await startStack({
    name: 'e2e-outage',
    keepState: false,
    web: 'none',
    labCalls: 0,
    seats: 2,
    progress: (line) => console.log(line),
  });
  deployment = await Deployment.signIn(stack);
}, 300_000);
afterEach(() => fault({ stt: 'ok', llm: 'ok', tts: 'ok' }));
afterAll(() => stack.stop());

/** A call in which one service fails once the agent has greeted, and what the ledger has of it in the end. */
async function callWithout(change: Record<string, string>) {
  const { callId, report } = await startLabCall(stack, 'polite-buyer', 7);
  await expect.poll(() => typesOf(callId), { timeout: 60_000, interval: 300 }).toContain('wordsSpoken');
  const failedAtMs = Date.now();
  await fault(change);
  await report;
  await expect.poll(() => typesOf(callId), { timeout: 60_000, interval: 500 }).toContain('callEnded');
  // The last words come after the end.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return { events: await deployment.ledger(callId), failedAtMs };
}

describe('MODEL-2 a service that dies in the middle of a call, with nothing to stand in for it', () => {
  it.each([
    ['thinking', { llm: 'fail' }],
    ['speaking', { tts: 'fail' }],
    ['hearing', { stt: 'fail' }],
  ] as const)(
    '%s: the customer hears the outage line, is promised a call back, and the call ends as agentFailed',
    async (stage, change) => {
      const { events, failedAtMs } = await callWithout(change);
      const gone = events.find((event) => event.type === 'modelReplaced');
      expect(gone).toMatchObject({ stage, to: null });
      expect(events.find((event) => event.type === 'callBackPromised')).toMatchObject({ reason: 'outage' });
      const said = events.find(
        (event) => event.type === 'wordsSpoken' && event.text === profileDefaults.outageLine,
      );
      expect(said).toMatchObject({ speaker: 'agent', interrupted: false });
      expect(events.find((event) => event.type === 'callEnded')).toMatchObject({ outcome: 'agentFailed' });
      // From the customer's last word, or the failure itself where nobody hears: never longer than all tries take.
      const heard = events
        .filter((event) => event.type === 'wordsSpoken' && event.speaker === 'customer')
        .at(-1);
      const sinceMs = heard?.type === 'wordsSpoken' ? heard.endedAtMs : failedAtMs;
      if (said?.type !== 'wordsSpoken') throw new Error('it was said');
      expect(said.startedAtMs - sinceMs).toBeLessThan(12_000);
    },
    180_000,
  );
});
