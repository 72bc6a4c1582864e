import type { Board } from './board.ts';
import type { CallRoom } from './call-room.ts';
import type { CampaignDialer } from './dialer/campaign-dialer.ts';
import type { Fleet } from './fleet.ts';
import type { Notices } from './notices.ts';
import type { WebhookDesk } from './webhook-desk.ts';

/** Bindings of wrangler.toml and secrets of the deployment. `worker/settings.ts` decodes the text ones. */
export interface Env {
  readonly CALL_ROOM: DurableObjectNamespace<CallRoom>;
  readonly BOARD: DurableObjectNamespace<Board>;
  readonly FLEET: DurableObjectNamespace<Fleet>;
  readonly CAMPAIGN_DIALER: DurableObjectNamespace<CampaignDialer>;
  readonly WEBHOOK_DESK: DurableObjectNamespace<WebhookDesk>;
  readonly NOTICES: DurableObjectNamespace<Notices>;
  readonly DB: D1Database;
  readonly ARCHIVE: R2Bucket;
  readonly TOKEN_LIMIT: RateLimit;
  readonly LOGIN_LIMIT: RateLimit;
  readonly ACCOUNT_LIMIT: RateLimit;
  readonly USER_LIMIT: RateLimit;
  readonly KEY_LIMIT: RateLimit;
  readonly LIVEKIT_URL?: string;
  readonly LIVEKIT_API_KEY?: string;
  readonly LIVEKIT_API_SECRET?: string;
  readonly AGENT_HOST_KEY?: string;
  readonly DOOR_SECRET?: string;
  readonly AUTH_SECRET?: string;
  readonly SETUP_TOKEN?: string;
  readonly APP_ORIGINS?: string;
  readonly CORS_ORIGINS?: string;
  readonly SIMULATED?: string;
  readonly LAB_KEY?: string;
  readonly LAB_PHONE_URL?: string;
  readonly PUBLIC_URL?: string;
  readonly TWILIO_ACCOUNT_SID?: string;
  readonly TWILIO_AUTH_TOKEN?: string;
  readonly TWILIO_BASE_URL?: string;
  readonly DEMO_LOGINS?: string;
  /** Cloudflare's own models, where the deployment binds them. */
  readonly AI?: { run(model: string, inputs: object): Promise<unknown> };
  readonly RESULT_MODEL_URL?: string;
  readonly RESULT_MODEL_KEY?: string;
  readonly RESULT_MODEL?: string;
  readonly OPENAI_API_KEY?: string;
  readonly OPENAI_BASE_URL?: string;
  readonly GROQ_API_KEY?: string;
  readonly EGRESS_S3_ENDPOINT?: string;
  readonly EGRESS_S3_BUCKET?: string;
  readonly EGRESS_S3_ACCESS_KEY?: string;
  readonly EGRESS_S3_SECRET?: string;
  readonly WEBHOOK_TEST_RECEIVERS?: string;
  readonly VAPID_PUBLIC_KEY?: string;
  readonly VAPID_PRIVATE_KEY?: string;
  readonly VAPID_SUBJECT?: string;
}

/** One board serves the deployment until its load asks for shards by call id. */
export const boardOf = (env: Env): DurableObjectStub<Board> => env.BOARD.getByName('board');
export const fleetOf = (env: Env): DurableObjectStub<Fleet> => env.FLEET.getByName('fleet');
export const callRoomOf = (env: Env, callId: string): DurableObjectStub<CallRoom> =>
  env.CALL_ROOM.getByName(callId);
/** One a campaign, and `manual` for calls by hand: each chain of decisions has one writer. */
export const dialerOf = (env: Env, name: string): DurableObjectStub<CampaignDialer> =>
  env.CAMPAIGN_DIALER.getByName(name);
export const noticesOf = (env: Env): DurableObjectStub<Notices> => env.NOTICES.getByName('notices');
/** One desk an endpoint: a receiver that does not answer keeps no other waiting. */
export const webhookDeskOf = (env: Env, webhookId: string): DurableObjectStub<WebhookDesk> =>
  env.WEBHOOK_DESK.getByName(webhookId);
