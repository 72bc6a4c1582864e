import { llm } from '@livekit/agents';
import * as z from 'zod';
import { fitReason } from '../fit.ts';
import type { ToolEffects } from './tool-effects.ts';

/** Past its longest plausible goodbye a call is ended anyway, ms. */
export const GOODBYE_MS = 15_000;

export function endCallTool(effects: Pick<ToolEffects, 'endCall'>) {
  let ending = false;
  let ended = false;

  const end = (reason: string): void => {
    if (ended) return;
    ended = true;
    effects.endCall(fitReason(reason));
  };

  return llm.tool({
    description:
      'Hangs up. Use it only when the customer has clearly finished. If you have not said goodbye yet, you are asked to.',
    parameters: z.object({ reason: z.string().describe('Why the call is over, in a few words') }),
    execute: async ({ reason }, { ctx }) => {
      if (ending) return 'The call is being ended already. Say nothing more.';
      ending = true;
      const { speechHandle } = ctx;
      const overdue = setTimeout(() => end(reason), GOODBYE_MS);
      speechHandle.addDoneCallback((speech) => {
        clearTimeout(overdue);
        // The customer spoke into the goodbye: they are not done, so neither is the call.
        if (speech.interrupted && !ended) ending = false;
        else end(reason);
      });
      // What was said beside this call of the tool: when that was the goodbye, a second one would be odd.
      await ctx.waitForPlayout();
      const saidSomething = speechHandle.chatItems.some(
        (item) => item.type === 'message' && item.role === 'assistant',
      );
      return saidSomething ? undefined : 'Say goodbye in one short sentence.';
    },
  });
}
