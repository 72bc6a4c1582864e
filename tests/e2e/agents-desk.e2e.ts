import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EditedProfile } from '../../protocol/api/profiles.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { pagesAlone } from './pages-alone.ts';
import { openBrowser, shoot, signIn } from './browser.ts';

const PHONE = { width: 390, height: 844 };
const SLUG = 'evening-sales';
let stack: Stack;
let browser: Browser;
/** What a page said that it should not: refused scripts and styles, uncaught errors. */
const complaints: string[] = [];

beforeAll(async () => {
  stack = await pagesAlone('e2e-agents-desk');
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

async function person(
  role: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await signIn(page, stack.webUrl, role);
  return { context, page };
}

/** As the page itself asks. */
async function agentAsItIs(page: Page, slug = SLUG): Promise<EditedProfile> {
  const response = await page.request.get(`${stack.webUrl}/api/profiles/${slug}/draft`);
  expect(response.status()).toBe(200);
  return (await response.json()) as EditedProfile;
}
const greeting = (page: Page) => page.getByRole('textbox', { name: 'Greeting' });
const state = (page: Page) => page.getByTestId('draft-state');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function openAgent(page: Page, slug = SLUG): Promise<void> {
  await page.goto(`${stack.webUrl}/agents/${slug}`);
  await page.getByRole('heading', { name: 'Words' }).waitFor();
}

test('an agent is made from another, edited, tried, published, compared, brought back and put away', async () => {
  const { context, page } = await person('admin');
  await page.getByRole('link', { name: 'Agents', exact: true }).click();
  await page.getByTestId('agent-row').first().waitFor();
  await shoot(page, 'agents');
  await page.getByRole('link', { name: 'New agent' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Evening Sales');
  expect(await page.getByLabel('Name in links').inputValue()).toBe(SLUG);
  await page.getByLabel('Begin with').selectOption('auto-sales');
  await button(page, 'Make it').click();
  await page.waitForURL(`**/agents/${SLUG}`);
  await expect.poll(() => page.getByTestId('agent-state').textContent()).toContain('Never published');
  expect(await state(page).textContent()).toContain('Saved: Ada Admin');
  // Nobody can call it yet.
  expect((await page.request.get(`${stack.webUrl}/api/profiles/${SLUG}`)).status()).toBe(404);

  await greeting(page).fill('');
  await page.getByText('Say something here.').waitFor();
  expect(await state(page).textContent()).toContain('Unsaved: 1 thing to put right first');
  expect(await greeting(page).getAttribute('aria-invalid')).toBe('true');
  await greeting(page).fill('Good evening {{lead.name}}!');
  await page.getByText('Placeholders are filled in within the instructions only', { exact: false }).waitFor();
  expect(await button(page, 'Publish…').isDisabled()).toBe(true);
  expect(await button(page, 'Try it').isDisabled()).toBe(true);
  await greeting(page).fill('Good evening, this is CME Auto Sales.');
  await page.getByRole('button', { name: 'Choose for thinking' }).click();
  await page.getByLabel('Thinking, first choice', { exact: true }).selectOption('groq');
  await page.getByRole('group', { name: 'Thinking' }).getByRole('button', { name: 'Add a fallback' }).click();
  await page.getByLabel('Thinking, fallback 1', { exact: true }).selectOption('openai');
  await page.getByRole('button', { name: 'Move thinking, fallback 1 up' }).click();
  expect(await state(page).textContent()).toContain('Unsaved changes');
  await shoot(page, 'agent-editor-unsaved');
  await page.keyboard.press('Control+s');
  await expect.poll(() => state(page).textContent()).toContain('Saved: Ada Admin');
  const saved = await agentAsItIs(page);
  expect(saved.draft).toMatchObject({
    revision: 2,
    content: {
      title: 'Evening Sales',
      greeting: 'Good evening, this is CME Auto Sales.',
      thinking: [{ provider: 'openai' }, { provider: 'groq' }],
    },
  });

  await button(page, 'Publish…').click();
  await page.getByLabel('What has changed').fill('For the evenings');
  await button(page, 'Publish it').click();
  await expect.poll(() => page.getByTestId('agent-state').textContent()).toBe('Version 1');
  const open = await page.request.get(`${stack.webUrl}/api/profiles/${SLUG}`);
  expect(await open.json()).toEqual({ slug: SLUG, title: 'Evening Sales', language: 'en-US' });

  // The draft alone is tried: customers notice nothing.
  await page
    .getByLabel('What it is to do')
    .fill('Sell cars.\nBe brief.\nSay good evening to {{contact.name}}.');
  await button(page, 'Try it').click();
  await page.waitForURL(`**/try/${SLUG}`);
  await page.getByText('You are trying a draft').waitFor();
  await page.getByText('Customers who call get version 1.').waitFor();
  await button(page, 'Call').click();
  await page.getByRole('link', { name: "This call's page" }).waitFor();
  await shoot(page, 'agent-try');
  const callPath = (await page.getByRole('link', { name: "This call's page" }).getAttribute('href'))!;
  const callId = callPath.split('/').at(-1)!;
  const ledger = await page.request.get(`${stack.webUrl}/api/calls/${callId}/events?since=0`);
  const { events } = (await ledger.json()) as { events: unknown[] };
  expect(events[0]).toMatchObject({ type: 'callRequested', profile: SLUG, profileVersion: 0 });
  await page.goto(`${stack.webUrl}/calls/${callId}`);
  await page.getByText(`${SLUG}, a draft being tried`, { exact: true }).waitFor();

  await openAgent(page);
  await button(page, 'Publish…').click();
  await page.getByText('Sell cars.').waitFor();
  await shoot(page, 'agent-publish');
  await page.getByLabel('What has changed').fill('Shorter');
  await button(page, 'Publish it').click();
  await expect.poll(() => page.getByTestId('agent-state').textContent()).toBe('Version 2');

  await page.getByRole('link', { name: 'Versions' }).click();
  await page.getByTestId('version-row').nth(1).waitFor();
  expect(await page.getByTestId('version-row').allTextContents()).toEqual([
    expect.stringContaining('Shorter'),
    expect.stringContaining('For the evenings'),
  ]);
  const changed = page.getByRole('region', { name: 'Instructions' });
  await changed.getByRole('cell', { name: 'Be brief.' }).waitFor();
  await changed.getByRole('columnheader', { name: 'version 1' }).waitFor();
  await shoot(page, 'agent-versions-side');
  await page.getByLabel('Side by side').uncheck();
  await page.waitForURL('**view=lines');
  await changed.getByText('Only in version 2:').first().waitFor();
  await shoot(page, 'agent-versions-lines');
  await page.getByLabel('From').selectOption('2');
  await page.getByText('They say the same.').waitFor();
  await page.getByRole('button', { name: 'Make version 1 the draft' }).click();
  await page.waitForURL(`**/agents/${SLUG}`);
  await expect.poll(() => page.getByTestId('agent-state').textContent()).toBe('Version 2, draft differs');
  expect((await agentAsItIs(page)).draft.content.instructions).toContain('You are the sales assistant');

  // Those who put a campaign together choose it while it is there.
  await button(page, 'Archive').click();
  await button(page, 'Archive it').click();
  await page.getByText('It is archived: nobody can call it', { exact: false }).waitFor();
  await shoot(page, 'agent-archived');
  expect((await page.request.get(`${stack.webUrl}/api/profiles/${SLUG}`)).status()).toBe(404);
  await page.goto(`${stack.webUrl}/agents`);
  await page.getByTestId('agent-row').first().waitFor();
  expect(await page.getByTestId('agent-row').filter({ hasText: SLUG }).count()).toBe(0);
  await page.getByRole('link', { name: 'Archived' }).click();
  await page.getByTestId('agent-row').filter({ hasText: SLUG }).waitFor();
  await openAgent(page);
  await button(page, 'Bring it back').click();
  await button(page, 'Archive').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
}, 240_000);

test('who saves after somebody else loses nothing: both are shown, and a person decides', async () => {
  const [mine, theirs] = [await person('admin'), await person('admin')];
  await openAgent(mine.page, 'loan-interest');
  await openAgent(theirs.page, 'loan-interest');
  await greeting(theirs.page).fill('Hello from them.');
  await button(theirs.page, 'Save draft').click();
  await expect.poll(() => state(theirs.page).textContent()).toContain('Saved');
  await greeting(mine.page).fill('Hello from me.');
  await button(mine.page, 'Save draft').click();
  await mine.page.getByText('Somebody else saved this draft', { exact: false }).waitFor();
  await mine.page.getByText('Hello from them.').waitFor();
  expect(await greeting(mine.page).inputValue()).toBe('Hello from me.');
  expect(await state(mine.page).textContent()).toContain('Unsaved');
  await shoot(mine.page, 'agent-conflict');
  expect((await agentAsItIs(mine.page, 'loan-interest')).draft.content.greeting).toBe('Hello from them.');
  await button(mine.page, 'Save mine over theirs').click();
  await expect.poll(() => state(mine.page).textContent()).toContain('Saved');
  expect((await agentAsItIs(mine.page, 'loan-interest')).draft.content.greeting).toBe('Hello from me.');

  // Leaving with something unsaved is asked about.
  await greeting(mine.page).fill('Hello again.');
  const asked: string[] = [];
  mine.page.once('dialog', (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await mine.page.getByRole('link', { name: 'Agents', exact: true }).click();
  await expect.poll(() => asked).toEqual(['Leave without saving what you changed?']);
  expect(new URL(mine.page.url()).pathname).toBe('/agents/loan-interest');
  expect(await greeting(mine.page).inputValue()).toBe('Hello again.');
  for (const each of [mine, theirs]) await each.context.close();
}, 120_000);

test('a tool of one’s own is defined, says which secret it lacks, is given to an agent and is then in use', async () => {
  const { context, page } = await person('admin');
  await page.goto(`${stack.webUrl}/settings/tools`);
  await button(page, 'New tool').click();
  await page.getByLabel('Name', { exact: true }).fill('find_order');
  await page.getByLabel('What it does, and when to use it').fill('Looks up an order by its number.');
  await page.getByLabel('Address').fill('https://localhost/orders');
  await page.getByLabel('Headers').fill('Authorization: Bearer {{secret.SHOP}}');
  await button(page, 'Define it').click();
  await page.getByText('It is a name that is not public.', { exact: false }).waitFor();
  await page.getByLabel('Address').fill('https://orders.customer.com/v1');
  await page.getByLabel('Headers').fill('Authorization: Bearer abc');
  await button(page, 'Define it').click();
  await page.getByText('a secret is not written here', { exact: false }).waitFor();
  await shoot(page, 'agent-tools-refused');
  await page.getByLabel('Headers').fill('Authorization: Bearer {{secret.SHOP}}');
  await button(page, 'Define it').click();
  await page.getByText('is not set: the tool fails until it is.').waitFor();
  await shoot(page, 'agent-tools');

  await openAgent(page, 'auto-sales');
  await page.getByLabel('find_order').check();
  await button(page, 'Publish…').click();
  await button(page, 'Publish it').click();
  await expect.poll(() => page.getByTestId('agent-state').textContent()).toBe('Version 2');
  await page.goto(`${stack.webUrl}/settings/tools`);
  await page.getByRole('link', { name: 'auto-sales' }).waitFor();
  await button(page, 'Remove find_order').click();
  await button(page, 'Remove it').click();
  await page.getByText('Agents use it.', { exact: false }).waitFor();
  await context.close();
}, 120_000);

test('supervisors look and cannot change; the pages read well by day, by night and on a phone', async () => {
  const wrong: string[] = [];
  const supervisor = await person('supervisor');
  await openAgent(supervisor.page, 'auto-sales');
  expect(await supervisor.page.getByLabel('Greeting').isDisabled()).toBe(true);
  expect(await button(supervisor.page, 'Save draft').count()).toBe(0);
  expect(await button(supervisor.page, 'Archive').count()).toBe(0);
  await supervisor.context.close();

  const pages = {
    list: '/agents',
    new: '/agents/new',
    editor: '/agents/auto-sales',
    versions: '/agents/auto-sales/versions',
    lines: '/agents/auto-sales/versions?from=1&to=2&view=lines',
    scenarios: '/agents/auto-sales/scenarios',
    tools: '/settings/tools',
    prices: '/settings/prices',
    try: '/try/auto-sales',
  };
  const phone = { viewport: PHONE, hasTouch: true, isMobile: true };
  const all = Object.keys(pages) as (keyof typeof pages)[];
  const looks = [
    { name: 'light', options: { colorScheme: 'light' as const }, of: ['editor', 'lines'] as const },
    {
      name: 'dark',
      options: { colorScheme: 'dark' as const },
      of: ['list', 'versions', 'scenarios'] as const,
    },
    { name: 'phone', options: { colorScheme: 'dark' as const, ...phone }, of: all },
  ];
  for (const look of looks) {
    const { context, page } = await person('admin', look.options);
    for (const name of look.of) {
      await page.goto(`${stack.webUrl}${pages[name]}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await check(page, `${name} ${look.name}`, wrong);
      await shoot(page, `agents-${name}-${look.name}`);
    }
    await context.close();
  }
  expect(wrong).toEqual([]);
  expect(complaints).toEqual([]);
}, 600_000);

/** Axe finds nothing, and nothing is wider than the page. */
async function check(page: Page, name: string, wrong: string[]): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, nodes } of violations)
    wrong.push(`${name}: ${id} ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (tooWide > 0) wrong.push(`${name}: ${tooWide} px wider than the page`);
}
