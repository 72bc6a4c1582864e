import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stack } from '../../scripts/stack/stack.ts';
import { pagesAlone } from './pages-alone.ts';
import { openBrowser, shoot, signIn } from './browser.ts';

const CAMPAIGN = '018f0000-0000-7000-8000-000000000002';
const ROWS = 6_000;
let stack: Stack;
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  stack = await pagesAlone('e2e-leads');
  const day = [{ from: 0, to: 1440 }];
  const settings = {
    ...{ name: 'Spring', profile: 'auto-sales', script: '', greeting: '', carrierId: 'lab', callerId: null },
    ...{ concurrency: 1, callsPerSecond: 1, attempts: 3, caps: { per24h: 3, lifetime: 9 }, ringMs: 20_000 },
    windows: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day },
    retry: { busy: null, noAnswer: null, voicemail: null, failed: null },
    ...{ voicemail: 'hangUp', voicemailMessage: '', consent: 'written' },
  };
  await stack.worker.database
    .prepare(
      `INSERT INTO campaigns (campaign_id, name, status, settings, version, created_at_ms) VALUES (?, 'Spring', 'draft', ?, 1, 1)`,
    )
    .bind(CAMPAIGN, JSON.stringify(settings))
    .run();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

async function someone(role: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await signIn(page, stack.webUrl, role);
  return page;
}

async function calm(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}

const text = [
  'Phone;Full Name;ZIP;Car;Time zone',
  ...Array.from(
    { length: ROWS },
    (_, at) => `+1212555${String(at).padStart(4, '0')};"Person; ${at}";10001;Roadster;`,
  ),
  '12;Nobody;;;',
  '+12125550000;Twice;;;',
  '+13055550100;Ann;;;Mars/Base',
].join('\r\n');
const file = { name: 'leads.csv', mimeType: 'text/csv', buffer: Buffer.from(`\ufeff${text}`) };

test('a file goes in by the page, is paused, gone on with after a reload, and the rejects come back', async () => {
  const page = await someone('admin');
  const address = `${stack.webUrl}/campaigns/${CAMPAIGN}/import`;
  await page.goto(address);
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByText('Of the first 50 rows: 50 new').waitFor();
  expect(await page.getByLabel('Full Name becomes').inputValue()).toBe('name');
  await shoot(page, 'import-preview');
  await calm(page);

  // The second chunk never arrives: the page is closed in the middle.
  await page.route('**/chunks/1', () => undefined);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText(/^Importing/).waitFor();
  await expect
    .poll(() => stack.worker.database.prepare('SELECT next_chunk FROM imports').first('next_chunk'), {
      timeout: 20_000,
    })
    .toBe(1);
  await page.unroute('**/chunks/1');
  await page.goto(address);
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('heading', { name: 'Imported' }).waitFor({ timeout: 30_000 });
  await shoot(page, 'import-done');
  await calm(page);
  const taken = await stack.worker.database
    .prepare(
      'SELECT count(*) AS imports, sum(imported) AS imported, sum(rejected) AS rejected, sum(duplicates) AS twice FROM imports',
    )
    .first();
  expect(taken).toEqual({ imports: 1, imported: ROWS, rejected: 2, twice: 1 });
  expect(await stack.worker.database.prepare('SELECT count(*) AS n FROM leads').first('n')).toBe(ROWS);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the rejects' }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const rejects = Buffer.concat(chunks).toString();
  expect(rejects).toContain('"\'+12125550000","Twice"');
  expect(rejects.trim().split('\r\n')).toHaveLength(4);
});

test('leads are found, corrected, taken out; a phone shows them as well', async () => {
  const page = await someone('admin', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await page.goto(`${stack.webUrl}/leads?campaign=${CAMPAIGN}`);
  await page.getByLabel(/^Number/).fill('+12125550007');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.waitForURL(/search=/);
  await page.getByRole('link', { name: 'Person; 7', exact: true }).waitFor();
  await shoot(page, 'leads-phone-dark');
  await calm(page);
  await page.getByRole('link', { name: 'Person; 7', exact: true }).click();
  await page.getByText(/Can be called now|Not now/).waitFor();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Name').fill('Person Seven');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'Person Seven' }).waitFor();
  await page.getByRole('button', { name: 'Take out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
  await page.getByText('It was taken out by a person.').waitFor();
  await shoot(page, 'lead-phone-dark');
  await calm(page);
});

test('a number is put on the do-not-call list and taken off it with a reason; a viewer only looks', async () => {
  const page = await someone('supervisor');
  await page.goto(`${stack.webUrl}/settings/do-not-call`);
  await page.getByLabel('Number', { exact: true }).fill('+1 212 555 0003');
  await page.getByLabel('Why', { exact: true }).fill('asked by mail');
  await page.getByRole('button', { name: 'Put on the list' }).click();
  await page.getByText('nobody dials it from now on').waitFor();
  await page.getByText('+12125550003').waitFor();
  expect(
    await stack.worker.database
      .prepare(`SELECT status FROM leads WHERE phone = '+12125550003'`)
      .first('status'),
  ).toBe('doNotCall');
  await shoot(page, 'do-not-call');
  await calm(page);
  const viewer = await someone('viewer');
  await viewer.goto(`${stack.webUrl}/settings/do-not-call`);
  await viewer.getByText('asked by mail').waitFor();
  expect(await viewer.getByText('+12125550003').count()).toBe(0);
  expect(await viewer.getByRole('button', { name: 'Put on the list' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Take off +12125550003' }).click();
  await page.getByLabel('Why it may be called again').fill('a mistake');
  await page.getByRole('button', { name: 'Take off the list' }).click();
  await page.getByText('may be dialled again').waitFor();
  expect(complaints).toEqual([]);
});
