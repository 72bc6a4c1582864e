import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { vapidKeys } from './scripts/vapid-keys.ts';
import { outboundStandIn } from './tests/worker/outbound-stand-in.ts';

const vapid = vapidKeys();

/** Secrets of the tests only; the Worker refuses shorter ones. */
const bindings = {
  LIVEKIT_URL: 'http://livekit.test',
  LIVEKIT_API_KEY: 'test-key',
  LIVEKIT_API_SECRET: 'test-livekit-secret-test-livekit-secret',
  AGENT_HOST_KEY: 'test-agent-host-key',
  DOOR_SECRET: 'test-door-secret-test-door-secret',
  AUTH_SECRET: 'q8Zr2LxV7nWkT4cBs9YdHj3FgPm6Xa1E',
  LAB_KEY: 'test-lab-key-test-lab-key',
  LAB_PHONE_URL: 'http://phone.test',
  TWILIO_ACCOUNT_SID: 'ACtest',
  TWILIO_AUTH_TOKEN: '12345',
  TWILIO_BASE_URL: 'http://twilio.test',
  SETUP_TOKEN: 'test-setup-token-test-setup-token',
  APP_ORIGINS: 'http://earshot.test',
  SIMULATED: 'speech',
  OPENAI_API_KEY: 'test-openai-key',
  OPENAI_BASE_URL: 'https://models.test/v1',
  WEBHOOK_TEST_RECEIVERS: 'http://127.0.0.1:9',
  EGRESS_S3_ENDPOINT: 'https://r2.test',
  EGRESS_S3_BUCKET: 'earshot-archive',
  EGRESS_S3_ACCESS_KEY: 'test-key',
  EGRESS_S3_SECRET: 'test-egress-secret',
  TOOL_SECRET_CRM: 'test-tool-secret',
  TOOL_SECRET_STOCK: 'stock-secret-value-7',
  VAPID_PUBLIC_KEY: vapid.publicKey,
  VAPID_PRIVATE_KEY: vapid.privateKey,
  VAPID_SUBJECT: 'mailto:ops@earshot.test',
};

export default defineConfig({
  test: {
    // Two cores, two files at a time: the default would leave one of them idle.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'node',
          include: [
            'tests/{domain,protocol,architecture,agent-host,lab,web,scripts,simulation,bench}/**/*.test.ts',
          ],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              outboundService: outboundStandIn,
              bindings: { ...bindings, TEST_MIGRATIONS: await readD1Migrations('migrations') },
            },
          })),
        ],
        test: {
          name: 'worker',
          include: ['tests/worker/**/*.test.ts'],
          setupFiles: ['tests/worker/setup.ts'],
          // Two cores share a whole suite: slow is not wrong.
          testTimeout: 60_000,
        },
      },
    ],
  },
});
