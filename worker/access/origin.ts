import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';

/**
 * Browsers name the page's origin on every write and socket: one that is not ours is a forgery or a mistake, unless it
 * is listed for CORS and brings no cookie. `Sec-Fetch-Site` tells the same of requests without an Origin.
 */
export function isForeign(c: Context<AppEnv>): boolean {
  const { appOrigins, corsOrigins } = c.get('settings');
  const origin = c.req.header('origin');
  if (origin !== undefined && appOrigins.includes(origin)) return false;
  if (origin !== undefined) return !(corsOrigins.includes(origin) && c.req.header('cookie') === undefined);
  return c.req.header('sec-fetch-site') === 'cross-site' && c.req.header('sec-fetch-mode') !== 'navigate';
}
