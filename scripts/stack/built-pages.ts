import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** What the pages are made of. */
const SOURCES = ['web/src', 'web/static', 'web/vite.config.ts', 'domain', 'protocol'];
const BUILT = 'web/build/index.html';

/** Whether the pages were built since anything they are made of was changed. */
export function pagesAreBuilt(): boolean {
  const built = modifiedMs(join(ROOT, BUILT));
  return (
    built !== null && [...SOURCES, 'package-lock.json'].every((each) => newestMs(join(ROOT, each)) < built)
  );
}

function newestMs(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((each) => newestMs(join(path, each))));
}

const modifiedMs = (path: string): number | null =>
  statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
