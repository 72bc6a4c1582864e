import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

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
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium (Debian package) for the browser tests');
    const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
    const installed = findChromium();
    if (installed !== null) return installed;
  }
  throw new Error('The browser tests need Chromium: install it, or name it in CHROMIUM_PATH.');
}
