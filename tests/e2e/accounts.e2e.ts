import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stack } from '../../scripts/stack/stack.ts';
import { pagesAlone } from './pages-alone.ts';
import { openBrowser, shoot, signIn } from './browser.ts';

const SETUP_TOKEN = 'e2e-first-admin-token-0001';
const PASSWORD = 'seven quiet herons';
const PHONE = { width: 390, height: 844 };
let stack: Stack;
let browser: Browser;
/** What a page said that it should not: refused scripts and styles, uncaught errors. */
const complaints: string[] = [];

beforeAll(async () => {
  stack = await pagesAlone('e2e-accounts', { settings: { SETUP_TOKEN } });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

async function person(
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  return { context, page };
}

const path = (page: Page): string => new URL(page.url()).pathname;

async function openSettings(page: Page, place: string): Promise<void> {
  await page.goto(`${stack.webUrl}/settings/${place}`);
  // Not the heading of a page that says what went wrong.
  await page.locator('.settings').getByRole('heading', { level: 1 }).waitFor();
}

test('an admin invites by a link, the newcomer joins, is promoted, and is shut out again', async () => {
  const admin = await person();
  await signIn(admin.page, stack.webUrl, 'admin');
  await openSettings(admin.page, 'users');
  await admin.page.getByLabel('Email of who to invite').fill('newcomer@example.com');
  await admin.page.getByRole('button', { name: 'Make an invitation' }).click();
  const link = await admin.page.getByRole('textbox', { name: /Invitation link/ }).inputValue();
  expect(link).toMatch(/\/join#[\w-]{43}$/);
  await shoot(admin.page, 'settings-users-invited');

  const newcomer = await person();
  await newcomer.page.goto(link);
  await newcomer.page.getByLabel('Your name').fill('Nora Newcomer');
  // The secret has left the address before anything else happens.
  expect(new URL(newcomer.page.url()).hash).toBe('');
  await shoot(newcomer.page, 'join');
  await newcomer.page.getByLabel('Password').fill(PASSWORD);
  await newcomer.page.getByRole('button', { name: 'Join' }).click();
  await newcomer.page.waitForURL(`${stack.webUrl}/`);
  await newcomer.page.goto(`${stack.webUrl}/settings/profile`);
  await newcomer.page.getByText('newcomer@example.com, viewer').waitFor();
  expect(await newcomer.page.getByRole('link', { name: 'Users' }).count()).toBe(0);
  expect((await newcomer.page.request.get(`${stack.webUrl}/api/users`)).status()).toBe(403);

  // The link was good once.
  const second = await person();
  await second.page.goto(link);
  await second.page.getByRole('alert').waitFor();

  await openSettings(admin.page, 'users');
  await admin.page.getByLabel('Role of Nora Newcomer').selectOption('supervisor');
  await expect
    .poll(async () => (await admin.page.request.get(`${stack.webUrl}/api/users`)).text())
    .toContain('"role":"supervisor"');
  await admin.page.getByRole('button', { name: 'Disable Nora Newcomer' }).click();
  await admin.page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await admin.page.getByText('disabled').waitFor();
  await shoot(admin.page, 'settings-users-disabled');
  expect((await newcomer.page.request.get(`${stack.webUrl}/api/me`)).status()).toBe(401);
  await newcomer.page.goto(`${stack.webUrl}/`);
  await newcomer.page.waitForURL(/\/sign-in/);
  for (const each of [admin, newcomer, second]) await each.context.close();
});

test('a passkey made in the browser opens the account without a password, until it is removed', async () => {
  const { context, page } = await person();
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await signIn(page, stack.webUrl, 'supervisor');
  await openSettings(page, 'devices');
  await page.getByLabel('Name of this device').fill('Test phone');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('Test phone was added.').waitFor();
  await shoot(page, 'settings-devices');

  await page.getByTitle('Account and look').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in/);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL(`${stack.webUrl}/`);

  await openSettings(page, 'devices');
  await page.getByRole('button', { name: 'Remove the passkey Test phone' }).click();
  await page.getByText('Test phone was removed.', { exact: false }).waitFor();
  await page.request.post(`${stack.webUrl}/api/auth/sign-out`, { headers: { origin: stack.webUrl } });
  await page.goto(`${stack.webUrl}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('alert').waitFor();
  expect(path(page)).toBe('/sign-in');
  await context.close();
});

test('an API key is shown once, does what its scopes say, and ends when it is revoked', async () => {
  const { context, page } = await person();
  await signIn(page, stack.webUrl, 'admin');
  await openSettings(page, 'keys');
  await page.getByLabel('Name').fill('Nightly export');
  await page.getByLabel('calls:read').check();
  await page.getByRole('button', { name: 'Make a key' }).click();
  const key = await page.getByRole('textbox', { name: /API key/ }).inputValue();
  await shoot(page, 'settings-keys');
  const ask = async (route: string): Promise<number> =>
    (await fetch(`${stack.worker.url}${route}`, { headers: { authorization: `Bearer ${key}` } })).status;
  expect([await ask('/api/calls'), await ask('/api/users')]).toEqual([200, 403]);
  await page.reload();
  await page.getByText('Nightly export').waitFor();
  expect(await page.content()).not.toContain(key);
  await page.getByRole('button', { name: 'Revoke the key Nightly export' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText(/^Revoked/).waitFor();
  expect(await ask('/api/calls')).toBe(401);

  await openSettings(page, 'audit');
  await page.getByRole('listitem').filter({ hasText: 'Api key: revoked' }).first().waitFor();
  await shoot(page, 'settings-audit');
  const csv = await page.request.get(`${stack.webUrl}/api/audit/export`);
  expect(await csv.text()).toContain('apiKey.revoked');

  await openSettings(page, 'connections');
  await page.getByRole('button', { name: 'Test connection: LiveKit', exact: true }).click();
  await page.getByText(/^Works: Answers, \d+ rooms/).waitFor();
  await shoot(page, 'settings-connections');
  await context.close();
});

const pages = [
  'profile',
  'devices',
  'notifications',
  'users',
  'keys',
  'webhooks',
  'privacy',
  'audit',
  'connections',
  'telephony',
  'do-not-call',
];

test('every page of Settings reads well by day, by night and on a phone, and says nothing it should not', async () => {
  const looks = [
    { name: 'light', options: { colorScheme: 'light' as const } },
    { name: 'dark', options: { colorScheme: 'dark' as const } },
    {
      name: 'phone',
      options: { colorScheme: 'light' as const, viewport: PHONE, hasTouch: true, isMobile: true },
    },
  ];
  const wrong: string[] = [];
  for (const look of looks) {
    const { context, page } = await person(look.options);
    await page.goto(`${stack.webUrl}/sign-in`);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await check(page, `sign-in ${look.name}`, wrong);
    await shoot(page, `sign-in-${look.name}`);
    await signIn(page, stack.webUrl, 'admin');
    for (const place of ['', 'calls', 'call-backs']) {
      await page.goto(`${stack.webUrl}/${place}`);
      await page.locator('main').getByRole('heading', { level: 1 }).waitFor();
      await check(page, `/${place} ${look.name}`, wrong);
      await shoot(page, `desk-${place}-${look.name}`);
    }
    for (const place of pages) {
      await openSettings(page, place);
      await check(page, `${place} ${look.name}`, wrong);
      await shoot(page, `settings-${place}-${look.name}`);
      // A phone's browser zooms out until a page that is too wide fits: what was asked for is what counts.
      const { width = 0 } = page.viewportSize() ?? {};
      const overflow = (await page.evaluate(() => document.documentElement.scrollWidth)) - width;
      if (overflow > 0) wrong.push(`${place} ${look.name}: ${overflow} px wider than the screen`);
    }
    await context.close();
  }
  expect(wrong).toEqual([]);
  expect(complaints).toEqual([]);
});

async function check(page: Page, name: string, wrong: string[]): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, impact, nodes } of violations) {
    if (impact !== 'serious' && impact !== 'critical') continue;
    wrong.push(`${name}: ${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  }
}

test('where nobody has an account the first admin is set up with the token, once', async () => {
  await forgetEveryone(stack.worker.database);
  const { context, page } = await person();
  await page.goto(`${stack.webUrl}/sign-in`);
  await page.getByRole('link', { name: 'Set up Earshot' }).click();
  await page.getByLabel('Setup token').fill('not the token');
  await page.getByLabel('Your name').fill('Fay First');
  await page.getByLabel('Email').fill('first@example.com');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('alert').waitFor();
  await shoot(page, 'setup-refused');
  await page.getByLabel('Setup token').fill(SETUP_TOKEN);
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.waitForURL(/\/settings\/connections/);
  const again = await page.request.post(`${stack.webUrl}/api/setup`, {
    headers: { origin: stack.webUrl },
    data: { setupToken: SETUP_TOKEN, email: 'second@example.com', name: 'Sid Second', password: PASSWORD },
  });
  expect(again.status()).toBe(409);
  await context.close();
});

/** As a new deployment stands. The last admin is kept by a trigger, which such a deployment has nothing to say to. */
async function forgetEveryone(database: D1Database): Promise<void> {
  const { results } = await database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'user'")
    .all<{ name: string }>();
  await database.batch([
    ...results.map(({ name }) => database.prepare(`DROP TRIGGER "${name}"`)),
    // What refers to people without going with them.
    ...['api_keys', 'invitations'].map((table) => database.prepare(`DELETE FROM ${table}`)),
    database.prepare('DELETE FROM user'),
  ]);
}
