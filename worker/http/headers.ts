import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from '../app-env.ts';

/** What every answer of the API says to a browser: show nothing, run nothing, keep nothing. Pages have their own. */
const secure = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
  crossOriginResourcePolicy: 'same-origin',
  referrerPolicy: 'no-referrer',
  strictTransportSecurity: 'max-age=31536000; includeSubDomains',
  xFrameOptions: 'DENY',
  xXssProtection: false,
});

/** An opened socket has no headers to set: its response belongs to the object behind it. */
const isSocket = (c: Context<AppEnv>): boolean => c.req.path.startsWith('/ws/');

export const securityHeaders = createMiddleware<AppEnv>((c, next) =>
  isSocket(c) ? next() : secure(c, next),
);

/** Answers are of the moment and of one person: no cache keeps them, unless a route says otherwise. */
export const neverCached = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (isSocket(c)) return;
  c.header('x-request-id', c.get('requestId'));
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
});

/** Off unless CORS_ORIGINS lists pages; those bring API keys, never cookies. */
export const crossOrigin = createMiddleware<AppEnv>((c, next) => {
  const { corsOrigins } = c.get('settings');
  if (corsOrigins.length === 0) return next();
  return cors({
    origin: [...corsOrigins],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key'],
    exposeHeaders: ['x-request-id', 'retry-after', 'idempotent-replayed'],
    maxAge: 600,
  })(c, next);
});
