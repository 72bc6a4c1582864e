import { DrizzleQueryError } from 'drizzle-orm/errors';
import { Hono } from 'hono';
import { log } from '../durable-objects/log.ts';
import type { AppEnv } from './app-env.ts';
import { guard } from './access/guard.ts';
import { crossOrigin, neverCached, securityHeaders } from './http/headers.ts';
import { notFound } from './http/method-not-allowed.ts';
import { refuse } from './http/problem.ts';
import { requestLog } from './http/request-log.ts';
import { agentRoutes } from './routes/agents.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { auditRoutes } from './routes/audit.ts';
import { callBackRoutes } from './routes/call-backs.ts';
import { callRoutes } from './routes/calls.ts';
import { campaignRoutes } from './routes/campaigns.ts';
import { connectionRoutes } from './routes/connections.ts';
import { historyRoutes } from './routes/history.ts';
import { httpToolRoutes } from './routes/http-tools.ts';
import { importRoutes } from './routes/imports.ts';
import { dialRoutes } from './routes/dials.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { leadRoutes } from './routes/leads.ts';
import { livekitRoutes } from './routes/livekit.ts';
import { meRoutes } from './routes/me.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { operationRoutes } from './routes/operations.ts';
import { passkeyRoutes } from './routes/passkeys.ts';
import { passwordResetRoutes } from './routes/password-resets.ts';
import { profileTrialRoutes } from './routes/profile-trials.ts';
import { profileRoutes } from './routes/profiles.ts';
import { recorderRoutes } from './routes/recorder.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { referenceRoutes } from './routes/reference.ts';
import { resultRoutes } from './routes/results.ts';
import { budgetRoutes } from './routes/budget.ts';
import { scenarioRoutes } from './routes/scenarios.ts';
import { priceRoutes } from './routes/prices.ts';
import { privacyRoutes } from './routes/privacy.ts';
import { roomRoutes } from './routes/rooms.ts';
import { setupRoutes } from './routes/setup.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { socketRoutes } from './routes/sockets.ts';
import { supervisionRoutes } from './routes/supervision.ts';
import { suppressionRoutes } from './routes/suppressions.ts';
import { carrierRoutes } from './routes/carriers.ts';
import { lineRoutes } from './routes/lines.ts';
import { phoneNewsRoutes } from './routes/phone-news.ts';
import { tokenRoutes } from './routes/token.ts';
import { vehicleRoutes } from './routes/vehicles.ts';
import { userRoutes } from './routes/users.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { readSettings } from './settings.ts';

export const app = new Hono<AppEnv>()
  .use(async (c, next) => {
    c.set('requestId', c.req.header('cf-ray') ?? crypto.randomUUID());
    c.set('route', '');
    c.set('settings', readSettings(c.env));
    await next();
  })
  .use(requestLog)
  .use(neverCached)
  .use(securityHeaders)
  .use(crossOrigin)
  .use(guard)
  .route('/', operationRoutes)
  .route('/', referenceRoutes)
  .route('/', connectionRoutes)
  .route('/', setupRoutes)
  .route('/', signInRoutes)
  .route('/', passkeyRoutes)
  .route('/', passwordResetRoutes)
  .route('/', meRoutes)
  .route('/', userRoutes)
  .route('/', invitationRoutes)
  .route('/', apiKeyRoutes)
  .route('/', auditRoutes)
  .route('/', profileRoutes)
  .route('/', profileTrialRoutes)
  .route('/', httpToolRoutes)
  .route('/', tokenRoutes)
  .route('/', roomRoutes)
  .route('/', callRoutes)
  .route('/', supervisionRoutes)
  .route('/', historyRoutes)
  .route('/', callBackRoutes)
  .route('/', campaignRoutes)
  .route('/', dialRoutes)
  .route('/', priceRoutes)
  .route('/', scenarioRoutes)
  .route('/', budgetRoutes)
  .route('/', resultRoutes)
  .route('/', privacyRoutes)
  .route('/', leadRoutes)
  .route('/', importRoutes)
  .route('/', suppressionRoutes)
  .route('/', vehicleRoutes)
  .route('/', webhookRoutes)
  .route('/', notificationRoutes)
  .route('/', socketRoutes)
  .route('/', carrierRoutes)
  .route('/', lineRoutes)
  .route('/', phoneNewsRoutes)
  .route('/', recordingRoutes)
  .route('/', recorderRoutes)
  .route('/', agentRoutes)
  .route('/', livekitRoutes)
  .notFound(notFound)
  .onError((error, c) => {
    // A bug: the client gets an id to quote, the log the reason. A failed query's own message holds its parameters.
    const reason = error instanceof DrizzleQueryError ? (error.cause ?? new Error('no cause')) : error;
    log('error', 'request failed', {
      requestId: c.get('requestId'),
      route: c.get('route'),
      error: `${reason.name}: ${reason.message}`,
    });
    return refuse(c, 'internal', 'Something went wrong on our side.', { detail: 'Quote the request id.' });
  });
