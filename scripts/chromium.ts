import { existsSync } from 'node:fs';
import { installDebianPackage } from './debian-package.ts';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium to drive, or null. `CHROMIUM_PATH` comes first. */
export function findChromium(): string | null {
  const given = process.env.CHROMIUM_PATH;
  return [given, ...PATHS].find((path) => path !== undefined && existsSync(path)) ?? null;
}

/** The tests need a real browser: on a Debian machine that is ours to change it is installed. */
export function requireChromium(): string {
  const found = findChromium();
  if (found !== null) return found;
  const installed = installDebianPackage('chromium', 'the browser tests') ? findChromium() : null;
  if (installed !== null) return installed;
  throw new Error('The browser tests need Chromium: install it, or name it in CHROMIUM_PATH.');
}
