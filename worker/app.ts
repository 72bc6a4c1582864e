import { Hono } from 'hono';
import { log } from '../durable-objects/log.ts';
import type { AppEnv } from './app-env.ts';
import { guard } from './access/guard.ts';
import { refuse } from './http/problem.ts';
import { accountRoutes } from './routes/accounts.ts';
import { agentRoutes } from './routes/agents.ts';
import { callRoutes } from './routes/calls.ts';
import { healthRoutes } from './routes/health.ts';
import { livekitRoutes } from './routes/livekit.ts';
import { socketRoutes } from './routes/sockets.ts';
import { tokenRoutes } from './routes/token.ts';
import { readSettings } from './settings.ts';

export const app = new Hono<AppEnv>()
  .use(async (c, next) => {
    c.set('requestId', c.req.header('cf-ray') ?? crypto.randomUUID());
    c.set('settings', readSettings(c.env));
    await next();
  })
  .use(guard)
  .route('/', healthRoutes)
  .route('/', accountRoutes)
  .route('/', tokenRoutes)
  .route('/', callRoutes)
  .route('/', socketRoutes)
  .route('/', agentRoutes)
  .route('/', livekitRoutes)
  .notFound((c) => refuse(c, 'not_found', 'There is nothing here.'))
  .onError((error, c) => {
    // A bug: the client gets an id to quote, the log the reason.
    log('error', 'request failed', {
      requestId: c.get('requestId'),
      method: c.req.method,
      route: c.req.path.replace(/[0-9a-f-]{36}/, ':callId'),
      error: `${error.name}: ${error.message}`,
    });
    return refuse(c, 'internal', 'Something went wrong on our side.', { detail: 'Quote the request id.' });
  });
