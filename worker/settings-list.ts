import type { Env } from '../durable-objects/env.ts';
import { configuredIn, providers } from './connections/provider.ts';

/** Every setting the deployment reads, for `/debug/env`: whether it is there and what for, never what it is. */
const settings: readonly { name: string; needed: boolean; purpose: string }[] = [
  {
    name: 'APP_ORIGINS',
    needed: true,
    purpose: 'origins of the pages: cookies and sockets are taken from no other',
  },
  { name: 'AUTH_SECRET', needed: true, purpose: 'signs sessions' },
  { name: 'DOOR_SECRET', needed: true, purpose: 'signs the tokens of agents and customers for one call' },
  { name: 'AGENT_HOST_KEY', needed: true, purpose: 'agent hosts prove themselves with it' },
  { name: 'LIVEKIT_URL', needed: true, purpose: 'the media server' },
  { name: 'LIVEKIT_API_KEY', needed: true, purpose: 'signs room tokens and checks webhooks' },
  { name: 'LIVEKIT_API_SECRET', needed: true, purpose: 'signs room tokens and checks webhooks' },
  { name: 'SETUP_TOKEN', needed: false, purpose: 'makes the first admin; take it away afterwards' },
  { name: 'CORS_ORIGINS', needed: false, purpose: 'other pages that may use the API with a key of theirs' },
  ...providers.flatMap((provider) =>
    provider.settings.map((name) => ({
      name,
      needed: false,
      purpose: `${provider.name}: ${provider.purpose}`,
    })),
  ),
  { name: 'SIMULATED', needed: false, purpose: 'what is simulated here; empty in production' },
  { name: 'VAPID_PUBLIC_KEY', needed: false, purpose: 'web push: what browsers subscribe with' },
  { name: 'VAPID_PRIVATE_KEY', needed: false, purpose: 'web push: signs what is sent to push services' },
  { name: 'VAPID_SUBJECT', needed: false, purpose: 'web push: whom a push service may write to' },
  {
    name: 'WEBHOOK_TEST_RECEIVERS',
    needed: false,
    purpose: 'origins webhooks may go to although they are not public; ignored unless something is simulated',
  },
  {
    name: 'PUBLIC_URL',
    needed: false,
    purpose: 'where carriers reach us; the first of APP_ORIGINS otherwise',
  },
  {
    name: 'RESULT_MODEL_URL',
    needed: false,
    purpose: 'the OpenAI-compatible API of the model that says what calls came to; OpenAI or Groq otherwise',
  },
  { name: 'RESULT_MODEL_KEY', needed: false, purpose: 'its key' },
  { name: 'RESULT_MODEL', needed: false, purpose: 'its name; without one, results are reckoned by rules' },
  {
    name: 'EGRESS_S3_ENDPOINT',
    needed: false,
    purpose:
      "R2 over S3, for LiveKit's Egress to record into; with the three below it records instead of the agents' hosts",
  },
  { name: 'EGRESS_S3_BUCKET', needed: false, purpose: 'the bucket of the ARCHIVE binding' },
  { name: 'EGRESS_S3_ACCESS_KEY', needed: false, purpose: 'may write there' },
  { name: 'EGRESS_S3_SECRET', needed: false, purpose: 'of that key' },
  { name: 'LAB_PHONE_URL', needed: false, purpose: "the lab's telephone exchange; development only" },
  { name: 'LAB_KEY', needed: false, purpose: 'scripted callers; development only' },
  { name: 'DEMO_LOGINS', needed: false, purpose: 'ready logins; development only' },
];

export function describeSettings(
  env: Env,
): { name: string; present: boolean; needed: boolean; purpose: string }[] {
  const configured = configuredIn(env);
  return settings.map(({ name, needed, purpose }) => ({
    name,
    present: configured(name) !== undefined,
    needed,
    purpose,
  }));
}
