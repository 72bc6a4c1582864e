import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { Response } from 'miniflare';
import { defineConfig } from 'vitest/config';

/** Secrets of the tests only; the Worker refuses shorter ones. */
const bindings = {
  LIVEKIT_URL: 'http://livekit.test',
  LIVEKIT_API_KEY: 'test-key',
  LIVEKIT_API_SECRET: 'test-livekit-secret-test-livekit-secret',
  AGENT_HOST_KEY: 'test-agent-host-key',
  DOOR_SECRET: 'test-door-secret-test-door-secret',
  AUTH_SECRET: 'q8Zr2LxV7nWkT4cBs9YdHj3FgPm6Xa1E',
  LAB_KEY: 'test-lab-key-test-lab-key',
  APP_ORIGINS: 'http://earshot.test',
  SIMULATED: 'speech',
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['tests/{domain,protocol,architecture,agent-host,lab,web,scripts}/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              // LiveKit's API at the edge of the Worker: rooms and dispatches are taken, nobody is in any room.
              outboundService: () => Response.json({}),
              bindings: { ...bindings, TEST_MIGRATIONS: await readD1Migrations('migrations') },
            },
          })),
        ],
        test: {
          name: 'worker',
          include: ['tests/worker/**/*.test.ts'],
          setupFiles: ['tests/worker/setup.ts'],
        },
      },
    ],
  },
});
