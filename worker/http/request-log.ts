import { createMiddleware } from 'hono/factory';
import { log } from '../../durable-objects/log.ts';
import { principalName } from '../access/principal.ts';
import type { AppEnv } from '../app-env.ts';

/**
 * One line for each request: route, never path; ids, never names or addresses. Good answers to machines that come every
 * few seconds are left out.
 */
export const requestLog = createMiddleware<AppEnv>(async (c, next) => {
  const startedAtMs = Date.now();
  await next();
  const route = c.get('route');
  const { status } = c.res;
  if (status < 400 && QUIET.has(route)) return;
  const principal = c.get('principal');
  log(status >= 500 ? 'error' : 'info', 'request', {
    requestId: c.get('requestId'),
    route,
    status,
    durationMs: Date.now() - startedAtMs,
    ...(principal === undefined ? {} : { by: principalName(principal) }),
    ...(c.req.param('callId') === undefined ? {} : { callId: c.req.param('callId') }),
  });
});

const QUIET = new Set(['POST /api/fleet/heartbeat', 'GET /healthz', 'GET /readyz', 'POST /livekit/webhook']);
