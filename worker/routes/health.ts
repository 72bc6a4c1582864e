import { Hono } from 'hono';
import type { AppEnv } from '../app-env.ts';

export const VERSION = '0.1.0';

export const healthRoutes = new Hono<AppEnv>()
  .get('/healthz', (c) => c.text('ok'))
  .get('/api/health', (c) => {
    const { simulated, demoLogins } = c.get('settings');
    return c.json({ ok: true, version: VERSION, simulated, demoLogins });
  });
