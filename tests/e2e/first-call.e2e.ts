import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { transcriptOf } from '../../database/calls.ts';
import { nextReply } from '../../agent-host/lab/dialogue.ts';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import { foldCall } from '../../domain/call/apply.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';
import { finalLines, keepLedger, openBrowser, shoot, signIn } from './browser.ts';
import { startLabCall } from './lab-call.ts';

const profile = exampleProfiles.find((each) => each.slug === 'auto-sales')!;
let stack: Stack;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  stack = await startStack({
    name: 'e2e-first-call',
    keepState: false,
    web: 'built',
    labCalls: 0,
    seats: 3,
    minify: true,
    progress: (line) => console.log(line),
  });
  browser = await openBrowser();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** What the lab's model answers to these customer lines, in order: the words the agent was given to say. */
function answersTo(lines: readonly string[]): string[] {
  const messages: { role: 'system' | 'user' | 'assistant'; content: string }[] = [
    { role: 'system', content: profile.instructions },
    { role: 'assistant', content: profile.greeting },
  ];
  return lines.map((line) => {
    messages.push({ role: 'user', content: line });
    const content = nextReply(messages, []).text ?? '';
    messages.push({ role: 'assistant', content });
    return content;
  });
}

describe('the first call', () => {
  test('is on the board while it lives, word for word on its page, and in D1 and R2 afterwards', async () => {
    await signIn(page, stack.webUrl);
    await expect.poll(() => page.getByTestId('call-row').count()).toBe(0);
    const { callId, report } = await startLabCall(stack, 'polite-buyer', 7);

    const row = page.locator(`[data-testid="call-row"][data-call-id="${callId}"]`);
    await row.waitFor({ timeout: 10_000 });
    await expect.poll(() => row.textContent(), { timeout: 30_000 }).toContain('Welcome to CME Auto Sales');
    await shoot(page, 'board');

    await row.getByRole('link').click();
    await page.waitForURL(`**/calls/${callId}`);
    // Words come while they are being spoken, and become final under the same name.
    const interim = page.locator('[data-utterance][data-interim]').first();
    await interim.waitFor({ timeout: 30_000 });
    const name = await interim.getAttribute('data-utterance');
    await page.locator(`[data-utterance="${name}"][data-seq]`).waitFor({ timeout: 30_000 });
    await expect
      .poll(async () => (await finalLines(page)).length, { timeout: 60_000 })
      .toBeGreaterThanOrEqual(4);
    await shoot(page, 'call-live');

    // A reload in mid-call misses nothing and repeats nothing.
    await page.reload();
    const { spoken, heardAgent, endedBy } = await report;
    expect(endedBy).not.toBe('timeout');
    await page
      .getByText(/Ended|Completed/)
      .first()
      .waitFor({ timeout: 15_000 });
    await shoot(page, 'call-ended');

    const customerLines = spoken.map((line) => line.text);
    const answers = answersTo(customerLines);
    const expected = [
      { speaker: 'agent', text: profile.greeting },
      ...customerLines.flatMap((text, turn) => [
        { speaker: 'customer', text },
        { speaker: 'agent', text: answers[turn]! },
      ]),
    ];
    await expect
      .poll(async () => (await finalLines(page)).map(({ speaker, text }) => ({ speaker, text })))
      .toEqual(expected);
    const lines = await finalLines(page);
    expect(new Set(lines.map((line) => line.utterance)).size).toBe(lines.length);

    // What the agent is said to have said was heard by the customer, when it says so.
    await vi.waitFor(async () => expect(await phaseInD1(callId)).toBe('ended'), { timeout: 10_000 });
    const words = await wordsInD1(callId);
    expect(words.map(({ speaker, text }) => ({ speaker, text }))).toEqual(expected);
    const agentWords = words.filter((each) => each.speaker === 'agent');
    // A long answer may have a pause in it, so there can be more stretches of sound than answers.
    for (const each of agentWords) {
      const nearest = Math.min(...heardAgent.map((heard) => Math.abs(heard.startedAtMs - each.startedAtMs)));
      expect(nearest).toBeLessThan(1_500);
    }

    const archived = await (await stack.worker.archive.get(`calls/${callId}/ledger.ndjson`))!.text();
    keepLedger('first-call', archived);
    const ledger = archived
      .trim()
      .split('\n')
      .map((text) => CallEventSchema.parse(JSON.parse(text)));
    const rebuilt = foldCall(ledger)!;
    expect(rebuilt.end).toMatchObject({ outcome: 'completed', endedBy: 'agent' });
    expect(rebuilt.transcript.map((each) => each.text)).toEqual(expected.map((each) => each.text));
    expect(rebuilt.turns.length).toBeGreaterThan(0);
    expect(rebuilt.usage.ttsCharacters).toBeGreaterThan(0);
  });

  test('a customer who barges in cuts the agent off, and the page says so', async () => {
    const { callId, report } = await startLabCall(stack, 'interrupts', 3);
    await page.goto(`${stack.webUrl}/calls/${callId}`);
    await report;
    await expect
      .poll(async () => (await finalLines(page)).filter((line) => line.cut).length, { timeout: 20_000 })
      .toBeGreaterThan(0);
    const cut = (await finalLines(page)).find((line) => line.cut)!;
    expect(cut.speaker).toBe('agent');
  });

  test('someone who asks for a person is marked for a person', async () => {
    const { callId, report } = await startLabCall(stack, 'asks-for-person', 5);
    await page.goto(stack.webUrl);
    const row = page.locator(`[data-testid="call-row"][data-call-id="${callId}"]`);
    await expect
      .poll(() => row.getByText(/asked|person|colleague/i).count(), { timeout: 60_000 })
      .toBeGreaterThan(0);
    await shoot(page, 'board-needs-someone');
    await report;
  });

  test('a supervisor hangs up after being asked, and the customer is let go', async () => {
    const { callId, report } = await startLabCall(stack, 'polite-buyer', 11, 'Alex Moor');
    await page.goto(`${stack.webUrl}/calls/${callId}`);
    await expect.poll(async () => (await finalLines(page)).length, { timeout: 60_000 }).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Hang up' }).first().click();
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.textContent()).toContain('Alex Moor');
    await dialog.getByRole('button', { name: 'Hang up' }).click();
    await page
      .getByText(/Hung up by a supervisor/i)
      .first()
      .waitFor({ timeout: 10_000 });
    expect((await report).endedBy).toBe('remote');
    await vi.waitFor(async () => expect(await phaseInD1(callId)).toBe('ended'), { timeout: 10_000 });
  });

  test('someone who hangs up in mid-sentence loses no word that was understood', async () => {
    const { callId, report } = await startLabCall(stack, 'hangs-up-mid-sentence', 2);
    const { spoken } = await report;
    await vi.waitFor(async () => expect(await phaseInD1(callId)).toBe('ended'), { timeout: 20_000 });
    const customer = (await wordsInD1(callId))
      .filter((each) => each.speaker === 'customer')
      .map((each) => each.text);
    const whole = spoken.filter((line) => !line.cut).map((line) => line.text);
    expect(customer.slice(0, whole.length)).toEqual(whole);
    const broken = spoken.find((line) => line.cut)!;
    for (const rest of customer.slice(whole.length)) expect(broken.text.startsWith(rest)).toBe(true);
  });
});

const phaseInD1 = (callId: string) =>
  stack.worker.database.prepare('SELECT phase FROM calls WHERE call_id = ?').bind(callId).first('phase');

const wordsInD1 = (callId: string) => transcriptOf(stack.worker.database, callId);
