import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessToken } from 'livekit-server-sdk';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeFakeMicrophone } from '../../agent-host/lab/fake-microphone.ts';
import { transcriptOf } from '../../database/calls.ts';
import { nextReply } from '../../agent-host/lab/dialogue.ts';
import { customerLine } from '../../agent-host/lab/phrases.ts';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';
import { openBrowser, shoot } from './browser.ts';
import { listenForPrompt } from './prompt-leak.ts';

const profile = exampleProfiles.find((each) => each.slug === 'auto-sales')!;
const line = customerLine('family-car');
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    name: 'e2e-talk',
    keepState: false,
    web: 'built',
    labCalls: 0,
    seats: 2,
    minify: true,
    progress: () => undefined,
  });
});

afterAll(() => stack?.stop());

test('a person on a phone-sized browser talks, and the agent answers what it heard', async () => {
  const wav = join(mkdtempSync(join(tmpdir(), 'earshot-mic-')), 'microphone.wav');
  // The greeting takes about four seconds; Chromium starts the file when the page asks for the microphone.
  await writeFakeMicrophone({ file: wav, lines: [{ pauseMs: 9_000, text: line }], finalPauseMs: 60_000 });
  const browser = await openBrowser(wav);
  try {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await context.grantPermissions(['microphone'], { origin: stack.webUrl });
    const page = await context.newPage();
    const caption = (speaker: string, text: string) =>
      page.locator(`[data-final="true"][data-speaker="${speaker}"]`, { hasText: text });
    await page.goto(`${stack.webUrl}/talk/auto-sales`);
    await shoot(page, 'talk-before');
    const [token] = await Promise.all([
      page.waitForResponse((response) => response.url().includes('/api/getToken')),
      page.getByRole('button', { name: /^call/i }).tap(),
    ]);
    const { callId } = (await token.json()) as { callId: string };
    await caption('agent', profile.greeting).waitFor({ timeout: 30_000 });
    await shoot(page, 'talk-greeted');
    const answer = nextReply(
      [
        { role: 'system', content: profile.instructions },
        { role: 'assistant', content: profile.greeting },
        { role: 'user', content: line },
      ],
      [],
    ).text!;
    await caption('you', line).waitFor({ timeout: 45_000 });
    await caption('agent', answer).waitFor({ timeout: 30_000 });
    await shoot(page, 'talk-answered');

    await page.getByRole('button', { name: /hang up|end call/i }).tap();
    await vi.waitFor(
      async () => {
        const row = await stack.worker.database
          .prepare('SELECT phase, outcome FROM calls WHERE call_id = ?')
          .bind(callId)
          .first<{ phase: string; outcome: string }>();
        expect(row).toEqual({ phase: 'ended', outcome: 'customerHungUp' });
      },
      { timeout: 15_000 },
    );
    const words = await transcriptOf(stack.worker.database, callId);
    expect(words.slice(0, 3).map(({ speaker, text }) => ({ speaker, text }))).toEqual([
      { speaker: 'agent', text: profile.greeting },
      { speaker: 'customer', text: line },
      { speaker: 'agent', text: answer },
    ]);
  } finally {
    await browser.close();
  }
});

test('a caller who asks the agent’s framework for its prompt gets nothing, even with data rights we never give', async () => {
  const response = await fetch(`${stack.worker.url}/api/getToken?agent=auto-sales`, {
    headers: { 'cf-connecting-ip': '192.0.2.9' },
  });
  const { url, room, identity } = (await response.json()) as { url: string; room: string; identity: string };
  const { apiKey, apiSecret } = stack.livekit!;
  const generous = new AccessToken(apiKey, apiSecret, { identity, ttl: 120 });
  generous.addGrant({ roomJoin: true, room, canPublish: true, canPublishData: true, canSubscribe: true });
  const heard = await listenForPrompt({ url, token: await generous.toJwt(), forMs: 6_000 });
  expect(heard.agentSpoke).toBe(true);
  expect(heard.asked).toBeGreaterThan(0);
  expect(heard.sessionMessages).toBe(0);
});
