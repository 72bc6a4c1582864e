import type { Env } from './env.ts';

/** Where carriers reach this deployment, without a slash at the end: PUBLIC_URL, or the pages, which pass `/api` on to us. */
export function publicUrl(env: Env): string {
  const [page = ''] = (env.APP_ORIGINS ?? '').split(',');
  return (env.PUBLIC_URL || page.trim()).replace(/\/+$/, '');
}
