import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { requireChromium } from '../../scripts/chromium.ts';
import { WORKSPACE } from '../../scripts/stack/paths.ts';

const SHOTS = join(WORKSPACE, 'screenshots');

/** A real browser. With `microphoneWav` its microphone speaks that file, once, from when a page first opens it. */
export function openBrowser(microphoneWav?: string): Promise<Browser> {
  return chromium.launch({
    executablePath: requireChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      ...(microphoneWav === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphoneWav}%noloop`]),
    ],
  });
}

/** Pictures of what a person would see, for people to look at. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** A call's ledger as it was archived, for `npm run replay` and for recorded journals. */
export function keepLedger(name: string, ledger: string): void {
  const folder = join(WORKSPACE, 'ledgers');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.ndjson`), ledger);
}

/** Through the page, as a newcomer would: the ready login is offered on it. */
export async function signIn(page: Page, webUrl: string, role = 'supervisor'): Promise<void> {
  await page.goto(`${webUrl}/sign-in`);
  await page.getByLabel('Email').fill(`${role}@demo.earshot`);
  await page.getByLabel('Password').fill('earshot-demo');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`${webUrl}/`);
}

export interface Line {
  readonly speaker: string;
  readonly utterance: string;
  readonly text: string;
  readonly cut: boolean;
}

/** The final lines on a call page, as they stand. */
export function finalLines(page: Page): Promise<Line[]> {
  return page.locator('[data-utterance][data-seq]').evaluateAll((rows) =>
    rows.map((row) => ({
      speaker: row.getAttribute('data-speaker') ?? '',
      utterance: row.getAttribute('data-utterance') ?? '',
      // The words without the mark for a line that was cut off.
      text: [...(row.querySelector('.text')?.childNodes ?? [])]
        .filter((node) => node.nodeType === 3)
        .map((node) => node.textContent ?? '')
        .join('')
        .trim(),
      cut: row.querySelector('.cut') !== null,
    })),
  );
}
