import { existsSync } from 'node:fs';
import { installDebianPackage } from './debian-package.ts';

const PATHS = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'];

const findRedis = (): string | null =>
  [process.env.REDIS_PATH, ...PATHS].find((path) => path !== undefined && existsSync(path)) ?? null;

/** LiveKit has a SIP API only with a Redis: on a Debian machine that is ours to change it is installed. */
export function requireRedis(): string {
  const found =
    findRedis() ?? (installDebianPackage('redis-server', 'the telephony tests') ? findRedis() : null);
  if (found === null)
    throw new Error('The telephony tests need redis-server: install it, or name it in REDIS_PATH.');
  return found;
}
