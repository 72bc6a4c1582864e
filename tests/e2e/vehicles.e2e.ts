import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stack } from '../../scripts/stack/stack.ts';
import { pagesAlone } from './pages-alone.ts';
import { openBrowser, shoot, signIn } from './browser.ts';

let stack: Stack;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  stack = await pagesAlone('e2e-vehicles');
  browser = await openBrowser();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const rows = (): Promise<string[]> =>
  page
    .locator('tbody tr')
    .allInnerTexts()
    .then((all) => all.map((each) => each.replace(/\s+/g, ' ').trim()));

test('vehicles are found, added as their VIN is written, and removed after being asked', async () => {
  await signIn(page, stack.webUrl);
  await page.goto(`${stack.webUrl}/settings/vehicles`);
  await expect.poll(rows).toHaveLength(2);
  await page.getByRole('searchbox', { name: 'Search' }).fill('honda');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.waitForURL('**/settings/vehicles?search=honda');
  await expect.poll(rows).toEqual([expect.stringMatching(/1HGCM82633A004352 2003 Honda Accord.*Simulated/)]);
  await page.goto(`${stack.webUrl}/settings/vehicles`);

  await page.getByLabel('VIN').fill('1hgcm82634a004352');
  await page.getByLabel('Make').fill('Tesla');
  await page.getByLabel('Model', { exact: true }).fill('Roadster');
  await page.getByLabel('Year').fill('2017');
  await page.getByRole('button', { name: 'Add vehicle' }).click();
  await page.getByText(/check digit is wrong/).waitFor();
  await page.getByLabel('VIN').fill('5yjsa 1e27h f000337');
  await page.getByRole('button', { name: 'Add vehicle' }).click();
  await page.getByText('The vehicle was added.').waitFor();
  await expect.poll(rows).toHaveLength(3);
  expect((await rows())[0]).toContain('5YJSA1E27HF000337 2017 Tesla Roadster');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await shoot(page, 'vehicles');

  await page.getByRole('button', { name: 'Remove 5YJSA1E27HF000337' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await page.getByText('The vehicle was removed.').waitFor();
  await expect.poll(rows).toHaveLength(2);
});
