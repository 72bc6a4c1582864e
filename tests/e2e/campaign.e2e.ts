import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoLogins } from '../../scripts/stack/demo-logins.ts';
import { signInCookie } from '../../scripts/stack/sign-in.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';
import { openBrowser, shoot, signIn } from './browser.ts';
import { ATTEMPTS, expectedOf, numberOf, zoneThatIs, type Expected } from './campaign-people.ts';

const MINUTE_MS = 60_000;
const SPOKEN_NO = numberOf('70');
const LISTED = numberOf('43', 9);
const ASLEEP = [numberOf('44', 8), numberOf('46', 8)];

let stack: Stack;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  stack = await startStack({
    name: 'e2e-campaign',
    keepState: false,
    web: 'built',
    labCalls: 0,
    seats: 4,
    minify: true,
    progress: (line) => console.log(line),
  });
  browser = await openBrowser();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** Who is in the file, by the two digits that say how they react, each from another place. */
const wanted: readonly (readonly [who: string, count: number])[] = [
  ['42', 4],
  ['11', 3],
  ['10', 3],
  ['20', 2],
  ['21', 2],
  ['30', 2],
  ['40', 5],
  ['45', 2],
  ['50', 2],
  ['51', 1],
  ['60', 2],
  ['70', 1],
  ['90', 1],
  ['04', 2],
];

interface File {
  readonly path: string;
  readonly rows: number;
  readonly expected: ReadonlyMap<string, Expected>;
}

/** Sixty rows: thirty-two to be called, and the kinds that must not be. */
function makeFile(): File {
  const expected = new Map<string, Expected>();
  const rows: string[] = [];
  const row = (phone: string, zone: string, name = `Lead ${rows.length + 1}`): void => {
    rows.push(`${phone};"${name}";${zone};"red; ${rows.length}"`);
  };
  const awake = zoneThatIs(true, numberOf('42'), 40 * MINUTE_MS);
  for (const [who, count] of wanted) {
    for (let which = 0; which < count; which++) {
      const number = numberOf(who, which);
      expected.set(number, expectedOf(number));
      row(number, awake);
    }
  }
  row(LISTED, awake);
  expected.set(LISTED, { status: 'doNotCall', dials: [] });
  for (const number of ASLEEP) {
    row(number, zoneThatIs(false, number, 60 * MINUTE_MS));
    expected.set(number, { status: 'waiting', dials: [] });
  }
  // The same number in other clothes, and four that are none.
  row('(212) 555-0142', awake);
  row('001 212 555 0142', awake);
  row(numberOf('10'), awake);
  for (const none of ['', 'ask Anna', '12', '+1 212 555']) row(none, awake);
  while (rows.length < 60) row(`+1 999 555 ${1000 + rows.length}`, awake);
  const path = join(mkdtempSync(join(tmpdir(), 'earshot-')), 'leads.csv');
  writeFileSync(path, `\uFEFFTelephone;Name;Time zone;Car\r\n${rows.join('\r\n')}\r\n`);
  return { path, rows: rows.length, expected };
}

const d1 = <Row>(sql: string, ...values: string[]): Promise<Row[]> =>
  stack.worker.database
    .prepare(sql)
    .bind(...values)
    .all<Row>()
    .then(({ results }) => results);

async function newCampaign(name: string): Promise<string> {
  await page.goto(`${stack.webUrl}/campaigns/new`);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Agent').selectOption('loan-interest');
  await page.getByLabel('Script').fill('Ask {{lead.name}} about the {{lead.car}} car.');
  for (const each of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']) {
    const add = page.getByRole('button', { name: `Add hours on ${each}` });
    if ((await page.getByLabel(`${each} from`).count()) === 0) await add.click();
    await page.getByLabel(`${each} from`).fill('00:00');
    await page.getByLabel(`${each} until`).fill('00:00');
  }
  await page.getByLabel('Calls at a time').fill('4');
  await page.getByLabel('New calls a second').fill('5');
  await page.getByLabel('Let it ring').fill('5');
  await page.getByLabel('Attempts a lead').fill(String(ATTEMPTS));
  await page.getByLabel('Calls a number in 24 hours').fill('3');
  for (const outcome of ['Busy or declined', 'No answer', 'Voicemail', 'Failed on our side'])
    await page.getByLabel(`Minutes before trying again after: ${outcome}`).fill('0.03');
  await shoot(page, 'campaign-editor');
  await page.getByRole('button', { name: 'Make it, then import leads' }).click();
  await page.waitForURL('**/campaigns/*/import');
  return page.url().split('/').at(-2)!;
}

async function importFile(path: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(path);
  await page.getByRole('heading', { name: 'The first rows' }).waitFor();
  await shoot(page, 'campaign-import-preview');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('heading', { name: 'Imported', exact: true }).waitFor({ timeout: 30_000 });
  await shoot(page, 'campaign-import-done');
}

const numberIn = async (testId: string): Promise<number> => {
  const place = page.getByTestId(testId);
  if ((await place.count()) === 0) return 0;
  return Number(((await place.textContent()) ?? '').replace(/[^\d]/g, ''));
};

/** Two cores share it with whatever else runs: slow is not wrong. */
describe('a campaign', { timeout: 600_000 }, () => {
  test('sixty rows become calls, each with the outcome its person implies; what must not ring does not', async () => {
    const file = makeFile();
    const admin = demoLogins.find((each) => each.role === 'admin')!;
    const cookie = await signInCookie(stack.worker.url, stack.webUrl, admin);
    const listed = await fetch(`${stack.worker.url}/api/suppressions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: stack.webUrl, cookie },
      body: JSON.stringify({ phone: LISTED, country: 'US', reason: 'asked by letter' }),
    });
    expect(listed.status).toBe(201);

    await signIn(page, stack.webUrl);
    // A second campaign that has the number of somebody who will say "never again".
    const later = await newCampaign('Later');
    const laterFile = join(mkdtempSync(join(tmpdir(), 'earshot-')), 'later.csv');
    writeFileSync(laterFile, `phone,name,car\n${SPOKEN_NO},Robin Vale,blue\n`);
    await importFile(laterFile);

    const campaignId = await newCampaign('Spring');
    await importFile(file.path);
    const imported = await d1<{ phone: string; status: string }>(
      'SELECT phone, status FROM leads WHERE campaign_id = ?',
      campaignId,
    );
    expect(imported.map((each) => each.phone).sort()).toEqual([...file.expected.keys()].sort());

    await page.goto(`${stack.webUrl}/campaigns/${campaignId}`);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect.poll(() => page.getByTestId('campaign-status').textContent()).toContain('Running');
    await page.getByTestId('call-row').first().waitFor({ timeout: 20_000 });
    await shoot(page, 'campaign-running');

    // On a machine that is busy an agent may not be found: then nobody was rung, and the attempt is given back.
    const statuses = async (): Promise<string[][]> =>
      (
        await d1<{ phone: string; status: string }>(
          'SELECT phone, status FROM leads WHERE campaign_id = ? ORDER BY phone',
          campaignId,
        )
      ).map(({ phone, status }) => [phone, status]);
    const called = (): Promise<{ n: number }[]> =>
      d1('SELECT count(*) AS n FROM leads WHERE campaign_id = ? AND attempts > 0', campaignId);
    const toBeCalled = [...file.expected.values()].filter(({ dials: each }) => each.length > 0).length;
    await expect.poll(called, { timeout: 420_000, interval: 1_000 }).toEqual([{ n: toBeCalled }]);
    await expect
      .poll(statuses, { timeout: 420_000, interval: 1_000 })
      .toEqual([...file.expected].map(([phone, { status }]) => [phone, status]).sort());

    const leads = await d1<{ phone: string; status: string; attempts: number }>(
      'SELECT phone, status, attempts FROM leads WHERE campaign_id = ?',
      campaignId,
    );
    const dials = await d1<{ phone: string; outcome: string }>(
      `SELECT phone, outcome FROM dials WHERE campaign_id = ? AND (rung_at_ms IS NOT NULL OR outcome = 'invalidNumber')
       ORDER BY started_at_ms`,
      campaignId,
    );
    for (const lead of leads) {
      const expected = file.expected.get(lead.phone)!;
      const outcomes = dials.filter((each) => each.phone === lead.phone).map((each) => each.outcome);
      expect([lead.phone, lead.status]).toEqual([lead.phone, expected.status]);
      expect([lead.phone, outcomes.length]).toEqual([lead.phone, expected.dials.length]);
      for (const [index, outcome] of outcomes.entries()) expect(expected.dials[index]).toContain(outcome);
      expect(lead.attempts).toBe(expected.dials.length);
    }
    // Nobody's telephone rang whose number was not to be dialled: the exchange counts for itself.
    const rung = (await (await fetch(`${stack.labPhoneUrl}/attempts`)).json()) as Record<string, number>;
    for (const [number, { dials: each }] of file.expected)
      expect([number, rung[number] ?? 0]).toEqual([number, each.length]);

    // "Never call me again" took the lead of the other campaign out as well.
    const [other] = await d1<{ status: string }>('SELECT status FROM leads WHERE campaign_id = ?', later);
    expect(other?.status).toBe('doNotCall');

    // What the screen says is what D1 says.
    const [all] = await d1<{ n: number }>(
      'SELECT count(*) AS n FROM dials WHERE campaign_id = ?',
      campaignId,
    );
    await expect.poll(() => numberIn('dials'), { timeout: 10_000 }).toBe(all?.n);
    const byStatus = await d1<{ status: string; n: number }>(
      'SELECT status, count(*) AS n FROM leads WHERE campaign_id = ? GROUP BY status',
      campaignId,
    );
    for (const { status, n } of byStatus)
      await expect.poll(() => numberIn(`leads-${status}`), { timeout: 10_000 }).toBe(n);
    await expect.poll(() => page.getByTestId('campaign-doing').textContent()).toContain('Waits for');
    await page.getByRole('button', { name: 'Check the records' }).click();
    await page.getByText(/records, none missing, none changed/).waitFor();
    await shoot(page, 'campaign-done');
    const found = await new AxeBuilder({ page }).analyze();
    expect(
      found.violations.filter((each) => each.impact === 'serious' || each.impact === 'critical'),
    ).toEqual([]);
  });

  test('a call’s page says why it was dialled, the lead’s why not now; a phone shows them all', async () => {
    const [talked] = await d1<{ callId: string }>(
      `SELECT call_id AS callId FROM dials WHERE outcome IN ('completed', 'customerHungUp') LIMIT 1`,
    );
    await page.goto(`${stack.webUrl}/calls/${talked!.callId}`);
    await expect
      .poll(() => page.getByTestId('allowed-because').textContent())
      .toMatch(/^Allowed because it is /);
    await shoot(page, 'campaign-call');

    const [asleep] = await d1<{ leadId: string }>(
      'SELECT lead_id AS leadId FROM leads WHERE phone = ?',
      ASLEEP[0]!,
    );
    const phone = await (
      await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true })
    ).newPage();
    await signIn(phone, stack.webUrl);
    const [campaign] = await d1<{ id: string }>(
      `SELECT campaign_id AS id FROM campaigns WHERE name = 'Spring'`,
    );
    for (const [path, name] of [
      ['campaigns', 'list'],
      [`campaigns/${campaign!.id}`, 'page'],
      [`campaigns/${campaign!.id}/edit`, 'edit'],
      ['leads', 'leads'],
      [`leads/${asleep!.leadId}`, 'lead'],
    ] as const) {
      await phone.goto(`${stack.webUrl}/${path}`);
      await phone.getByRole('heading', { level: 1 }).waitFor();
      await shoot(phone, `campaign-phone-${name}`);
      const wide = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect([path, wide]).toEqual([path, 0]);
      const found = await new AxeBuilder({ page: phone }).analyze();
      expect([
        path,
        found.violations
          .filter((each) => each.impact === 'serious' || each.impact === 'critical')
          .map((each) => each.id),
      ]).toEqual([path, []]);
    }
    expect(await phone.getByText(/outside|closed|not now|until/i).count()).toBeGreaterThan(0);
    await phone.context().close();
  });
});
