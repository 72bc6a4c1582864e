import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WORKSPACE } from '../stack/paths.ts';

const VERSION = '4.32.5';
const run = promisify(execFile);

/**
 * The fuzzer, installed once into the cache from Python's package index.
 * @returns the folder that holds its modules.
 * @throws Error when there is no Python 3 with pip, saying what to do
 */
export async function installSchemathesis(): Promise<string> {
  const cache = process.env.EARSHOT_CACHE ?? join(WORKSPACE, 'cache');
  const home = join(cache, `schemathesis-modules-${VERSION}`);
  const done = join(home, 'schemathesis', '__init__.py');
  if (existsSync(done)) return home;
  rmSync(home, { recursive: true, force: true });
  try {
    // A folder of its own rather than a virtual environment, which Debian packages apart.
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', home, `schemathesis==${VERSION}`]);
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw new Error(`the fuzzer could not be installed; it needs Python 3 with pip: ${String(error)}`, {
      cause: error,
    });
  }
  return home;
}
