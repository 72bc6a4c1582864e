import { defineConfig } from 'vitest/config';

/** Whole calls with real sound: one stack after the other, on two cores. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    // LiveKit's client writes twenty debug lines a second otherwise.
    env: { NODE_ENV: 'production' },
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
