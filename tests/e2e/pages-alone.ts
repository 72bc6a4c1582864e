import type { Stack, StackOptions } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';

/** The Worker and its pages as they are deployed, with nobody on the telephone and no limit on how often one asks. */
export const pagesAlone = (name: string, more: Partial<StackOptions> = {}): Promise<Stack> =>
  startStack({
    name,
    keepState: false,
    web: 'built',
    labCalls: 0,
    seats: 0,
    agentHost: false,
    minify: true,
    limits: 'off',
    progress: () => undefined,
    ...more,
  });
