import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { customerLine } from '../../agent-host/lab/phrases.ts';
import { profileDefaults } from '../../domain/profile/defaults.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import { supervisionOf } from '../../domain/call/supervision.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';
import { openBrowser, shoot, signIn } from './browser.ts';
import { requestLabCall } from './lab-call.ts';
import { Someone } from './someone-in-a-room.ts';
import { Supervisor } from './supervisor.ts';

let stack: Stack;
let sam: Supervisor;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  stack = await startStack({
    name: 'e2e-supervise',
    keepState: false,
    web: 'built',
    labCalls: 0,
    seats: 1,
    minify: true,
    agentHost: false,
    progress: (line) => console.log(line),
  });
  // One call at a time: processes kept warm for others would only take its two cores.
  await stack.startAgentHost('local', { IDLE_PROCESSES: '1' });
  sam = await Supervisor.signIn(stack);
  browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  await signIn(page, stack.webUrl);
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** A call that a failing test left standing would take the next one's seat. */
const customers: Someone[] = [];
afterEach(async () => {
  await Promise.all(customers.splice(0).map((each) => each.leave()));
  await sam.leaveAll();
});

/** A customer who has been greeted. */
async function greeted(): Promise<{ callId: string; customer: Someone }> {
  const { callId, join } = await requestLabCall(stack);
  const customer = new Someone();
  customers.push(customer);
  await customer.join(join, { speaks: true });
  await customer.hears('agent-', 0, 60_000);
  await customer.quiet('agent-', 2_500, 30_000);
  // The agent itself, and not a sentence for whom nobody can take.
  await sam.sees(callId, 'the call answered', (call) => call.phase === 'inProgress');
  return { callId, customer };
}

const followedAtMs = (events: readonly CallEvent[], orderId: string): number | undefined =>
  events.find((each) => each.type === 'orderFollowed' && each.orderId === orderId && each.outcome === 'done')
    ?.atMs;
const saidBy = (events: readonly CallEvent[], speaker: string, text: string): boolean =>
  events.some((each) => each.type === 'wordsSpoken' && each.speaker === speaker && each.text.includes(text));

describe('a supervisor', () => {
  test('listens unseen, whispers a fact that changes what is said, and is gone when the page is closed', async () => {
    const { callId, customer } = await greeted();
    const { identity, who: listener } = await sam.sit(callId, 'listen');
    await sam.sees(callId, 'the listener in the ledger', (call) =>
      supervisionOf(call).seats.some((each) => each.identity === identity && each.takenAtMs !== null),
    );
    const spoken = await customer.say(customerLine('saw-hatchback'));
    await listener.hears('customer-', spoken.startedAtMs - 500, 5_000);
    await listener.hears('agent-', spoken.endedAtMs, 20_000);
    await sam.sees(callId, 'the answer whole', (_call, all) => saidBy(all, 'agent', 'tell you the price'));
    await customer.quiet('agent-', 2_500, 60_000);
    expect([...customer.seen].filter((each) => !each.startsWith('agent-'))).toEqual([]);

    const whispered = await sam.order(callId, {
      kind: 'whisper',
      text: 'There is one slot left at 15:40',
      via: 'text',
    });
    const heardAtMs = await customer.hears('agent-', whispered.atMs, 20_000);
    const { events } = await sam.sees(callId, 'the fact in the agent’s words', (_call, all) =>
      saidBy(all, 'agent', 'one slot left at 15:40'),
    );
    const followed = followedAtMs(events, whispered.orderId)!;
    console.log(
      `whisper: followed after ${followed - whispered.atMs} ms, heard after ${heardAtMs - whispered.atMs} ms`,
    );
    await listener.leave();
    await sam.sees(callId, 'the listener gone', (call) =>
      supervisionOf(call).seats.every((each) => each.leftAtMs !== null),
    );
  });

  test('whispers by voice: the agent follows it, and nothing of it reaches the customer', async () => {
    const { callId, customer } = await greeted();
    const { who: whisperer } = await sam.sit(callId, 'whisper');
    await sam.sees(callId, 'the whisperer', (call) =>
      supervisionOf(call).seats.some((each) => each.takenAtMs !== null),
    );
    // The agent must be in the whisper room to hear it.
    await expect
      .poll(() => [...whisperer.room.remoteParticipants.keys()].length, { timeout: 20_000 })
      .toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const beganAtMs = Date.now();
    const fact = customerLine('visit-thursday');
    const spoken = await whisperer.say(fact, 'bruce');
    const { events } = await sam.sees(callId, 'the agent saying it', (_call, all) =>
      saidBy(all, 'agent', fact.slice(0, -1)),
    );
    const given = events.find((each) => each.type === 'orderGiven');
    expect(given).toMatchObject({ byName: 'Sam Supervisor', order: { kind: 'whisper', via: 'voice' } });
    console.log(`voice whisper: understood ${given!.atMs - spoken.endedAtMs} ms after its end`);
    expect([...customer.seen].filter((each) => !each.startsWith('agent-'))).toEqual([]);
    // Nothing loud but the agent's own reply, which can only begin when it was understood.
    expect(customer.loudMs('', beganAtMs, spoken.endedAtMs)).toBe(0);
    // A sound that no voice makes, into silence: none of it arrives.
    await customer.quiet('agent-', 2_000, 30_000);
    const { startedAtMs } = await whisperer.beep(1_500);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(customer.toneMs(startedAtMs)).toBe(0);
    expect(customer.loudMs('', startedAtMs)).toBe(0);
  });

  test('takes the line, is heard alone, gives it back; and when they vanish the agent apologises', async () => {
    const { callId, customer } = await greeted();
    const { identity, who: operator } = await sam.sit(callId, 'operator');
    const taken = await sam.order(callId, { kind: 'takeOver', identity });
    const { call } = await sam.sees(
      callId,
      'the agent silent',
      (each) => typeof supervisionOf(each).line?.agentSilentAtMs === 'number',
    );
    const silentAtMs = supervisionOf(call).line!.agentSilentAtMs!;
    expect(customer.loudMs('agent-', taken.atMs)).toBeGreaterThan(500);
    const words = customerLine('record-agreed');
    const spoken = await operator.say(words, 'bruce');
    const heardAtMs = await customer.hears('operator-', spoken.startedAtMs - 500, 5_000);
    console.log(
      `take over: agent silent after ${silentAtMs - taken.atMs} ms (with its line), operator heard ${heardAtMs - spoken.startedAtMs} ms after speaking`,
    );
    const answered = await customer.say(customerLine('monthly-instalments'));
    await operator.hears('customer-', answered.startedAtMs - 500, 5_000);
    await sam.sees(
      callId,
      'both in the ledger',
      (_call, all) =>
        // A busy machine may cut the last word off: who said it is what is asked here.
        saidBy(all, 'operator', 'may record our') && saidBy(all, 'customer', 'pay the money back'),
    );
    // Mute and deaf: not a sound of the agent in all that time.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(customer.loudMs('agent-', silentAtMs + 300)).toBe(0);

    const back = await sam.order(callId, { kind: 'handBack', note: 'Delivery is free this week' });
    const backHeardAtMs = await customer.hears('agent-', back.atMs, 20_000);
    console.log(`hand back: agent heard after ${backHeardAtMs - back.atMs} ms`);
    const { events } = await sam.sees(
      callId,
      'the agent carrying on with the note',
      (_call, all) =>
        saidBy(all, 'agent', profileDefaults.handBackLine) &&
        saidBy(all, 'agent', 'Delivery is free this week'),
    );
    expect(saidBy(events, 'agent', profileDefaults.takeOverLine)).toBe(true);
    // It hears again.
    await customer.quiet('agent-', 1_500, 30_000);
    const asked = await customer.say(customerLine('warranty'));
    await customer.hears('agent-', asked.endedAtMs, 20_000);
    await customer.quiet('agent-', 1_500, 60_000);

    const again = await sam.order(callId, { kind: 'takeOver', identity });
    await sam.sees(
      callId,
      'the agent silent again',
      (each) =>
        supervisionOf(each).line?.orderId === again.orderId &&
        typeof supervisionOf(each).line?.agentSilentAtMs === 'number',
    );
    const vanishedAtMs = Date.now();
    await operator.leave();
    const apologyAtMs = await customer.hears('agent-', vanishedAtMs, 30_000);
    console.log(`operator vanished: agent heard after ${apologyAtMs - vanishedAtMs} ms`);
    await sam.sees(callId, 'the apology', (_call, all) =>
      saidBy(all, 'agent', profileDefaults.operatorLostLine),
    );
  });

  test('all of it on their page, in a browser; and hears it again afterwards', async () => {
    const { callId, customer } = await greeted();
    await page.goto(`${stack.webUrl}/calls/${callId}`);
    await page.getByTestId('who-hears').and(page.locator('[data-heard=nobody]')).waitFor();

    await page.getByRole('button', { name: 'Listen', exact: true }).click();
    await page.locator('[data-testid=hearing][data-hearing=hearing]').waitFor();
    const heard = loudestIn(page, 'customer-');
    await customer.say(customerLine('saw-hatchback'));
    // Louder than any silence: the customer's voice is in the page.
    expect(await heard).toBeGreaterThan(0.02);
    expect([...customer.seen].filter((each) => !each.startsWith('agent-'))).toEqual([]);
    await shoot(page, 'call-listening');
    await expectAccessible(page);
    await customer.quiet('agent-', 2_500, 60_000);

    await page.keyboard.press('w');
    await page.getByRole('textbox', { name: /Whisper/ }).fill('There is one slot left at 15:40');
    await page.keyboard.press('Enter');
    await sam.sees(callId, 'the fact in the agent’s words', (_call, all) =>
      saidBy(all, 'agent', 'one slot left at 15:40'),
    );
    await page
      .getByText(/followed .* after your click/)
      .first()
      .waitFor();
    await customer.quiet('agent-', 2_500, 60_000);

    await page.getByRole('button', { name: 'Take over' }).first().click();
    await page.getByRole('button', { name: 'Take the line' }).click();
    await page.locator('[data-testid=line-banner][data-line=mine]').waitFor();
    await page.locator('[data-testid=who-hears][data-heard=customer]').waitFor({ timeout: 30_000 });
    // The browser's own microphone: its test tone.
    await customer.hears('operator-', Date.now(), 10_000);
    await shoot(page, 'call-line-held');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Hand back' }).first().click();
    await page.getByLabel(/What the agent should know/).fill('Delivery is free this week');
    await page.getByRole('button', { name: 'Give the line back' }).click();
    await sam.sees(callId, 'the agent carrying on with the note', (_call, all) =>
      saidBy(all, 'agent', 'Delivery is free this week'),
    );
    await page.setViewportSize({ width: 390, height: 844 });
    await shoot(page, 'call-listening-phone');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

    await customer.leave();
    await page.getByTestId('player').waitFor({ timeout: 60_000 });
    await shoot(page, 'player-phone');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${stack.webUrl}/calls/${callId}?t=5`);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const place = page.getByRole('slider', { name: 'Place in the call' });
    await expect.poll(async () => Number(await place.getAttribute('aria-valuenow'))).toBeGreaterThan(6);
    // What it came to, as the lab's model judges it.
    await page.locator('[data-testid=result][data-source=model]').waitFor();
    await shoot(page, 'player-dark');
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'light' });
    await shoot(page, 'player');
  });
});

/** The loudest the page hears of them in the next ten seconds, root mean square from 0 to 1. */
const loudestIn = (shown: Page, from: string): Promise<number> =>
  shown.evaluate(async (who) => {
    const sound = [...document.querySelectorAll('audio')].find((each) =>
      each.dataset['heard']?.startsWith(who),
    );
    if (!(sound?.srcObject instanceof MediaStream)) throw new Error('nobody of them is heard');
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(sound.srcObject).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    for (const untilMs = Date.now() + 10_000; Date.now() < untilMs && loudest < 0.05;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      analyser.getFloatTimeDomainData(samples);
      loudest = Math.max(
        loudest,
        Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length),
      );
    }
    await context.close();
    return loudest;
  }, from);

async function expectAccessible(shown: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page: shown }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}
