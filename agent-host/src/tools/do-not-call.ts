import { llm } from '@livekit/agents';
import * as z from 'zod';
import { customerTurns } from './conversation.ts';
import type { DoNotCallWish } from './wishes.ts';

export const doNotCallTool = (wish: DoNotCallWish) =>
  llm.tool({
    description:
      'Takes the customer off every list for good. Use it as soon as the customer wants not to be called any more, in whatever words. It asks for their confirmation first.',
    parameters: z.object({
      customer: z
        .enum(['asks', 'confirms', 'takesBack'])
        .describe('asks: wants not to be called; confirms or takesBack: how they answered when asked back'),
    }),
    execute: ({ customer }, { ctx }) => Promise.resolve(wish.step(customer, customerTurns(ctx.session))),
  });
