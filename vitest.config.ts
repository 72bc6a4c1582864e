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

const asked = new Map<string, number>();

/**
 * LiveKit's API at the edge of the Worker: rooms and dispatches are taken, nobody is in any room. It counts what it was
 * asked; `/asked/<room>` tells.
 */
async function liveKitStandIn(request: { url: string; text(): Promise<string> }): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/asked/')) {
    const room = pathname.slice('/asked/'.length);
    const counts = [...asked].filter(([key]) => key.endsWith(` ${room}`));
    return Response.json(Object.fromEntries(counts.map(([key, count]) => [key.split(' ')[0], count])));
  }
  const { name, room } = JSON.parse(await request.text()) as { name?: string; room?: string };
  const key = `${pathname.split('/').at(-1)} ${room ?? name}`;
  asked.set(key, (asked.get(key) ?? 0) + 1);
  return Response.json({});
}

export default defineConfig({
  test: {
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
              outboundService: liveKitStandIn,
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
