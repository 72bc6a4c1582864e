import { defineConfig } from 'vitest/config';

/** Whole calls with real sound: one stack after the other, on two cores. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    // LiveKit's client writes twenty debug lines a second otherwise.
    env: { NODE_ENV: 'production' },
    // A page on a busy machine is slow, not wrong: by default a poll gives up after a second.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
