import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PlantedBug } from './bug.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** @returns why this bug cannot be planted any more, or null. */
export function outOfDate({ file, right, wrong, name }: PlantedBug): string | null {
  const count = readFileSync(resolve(ROOT, file), 'utf8').split(right).length - 1;
  if (right === wrong) return `${name}: the wrong text is the right one`;
  return count === 1 ? null : `${name} is out of date: its text occurs ${count} times in ${file}`;
}

/** From now on this process loads the wrong text; the file on disk is not touched. Before the file is first imported. */
export function plant(bug: PlantedBug): void {
  const reason = outOfDate(bug);
  if (reason !== null) throw new Error(reason);
  const target = pathToFileURL(resolve(ROOT, bug.file)).href;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== target) return loaded;
      const source = Buffer.from(loaded.source as Uint8Array).toString('utf8');
      return { ...loaded, source: source.replace(bug.right, () => bug.wrong) };
    },
  });
}
