import { llm } from '@livekit/agents';
import * as z from 'zod';
import { fitReason } from './fit.ts';
import { callBackTime, DoNotCallWish } from './wishes.ts';

/** Past its longest plausible goodbye a call is ended anyway, ms. */
export const GOODBYE_MS = 15_000;

export interface ToolEffects {
  humanRequested(reason: string): void;
  /** The goodbye was said, or took too long. Called at most once. */
  endCall(reason: string): void;
  /** The customer is never to be called again. Called at most once. */
  doNotCall(): void;
  /** Epoch ms of this host's clock. The last one counts. */
  callBack(forAtMs: number): void;
}

export type AgentTools = ReturnType<typeof agentTools>;

/** What the agent can do beside talking. What a tool may do is decided here, whatever the model was talked into. */
export function agentTools(effects: ToolEffects) {
  let ending = false;
  let ended = false;
  let humanAsked = false;

  const end = (reason: string): void => {
    if (ended) return;
    ended = true;
    effects.endCall(fitReason(reason));
  };

  const wish = new DoNotCallWish(() => effects.doNotCall());

  const tools = {
    do_not_call: llm.tool({
      description:
        'Takes the customer off every list for good. Use it as soon as the customer wants not to be called any more, in whatever words. It asks for their confirmation first.',
      parameters: z.object({
        customer: z
          .enum(['asks', 'confirms', 'takesBack'])
          .describe('asks: wants not to be called; confirms or takesBack: how they answered when asked back'),
      }),
      execute: ({ customer }, { ctx }) => {
        const turns = ctx.session.history.items.filter(
          (item) => item.type === 'message' && item.role === 'user',
        ).length;
        return Promise.resolve(wish.step(customer, turns));
      },
    }),

    schedule_call_back: llm.tool({
      description:
        'Notes when the customer wants to be called back. Give one of both. Use it only for a time the customer named.',
      parameters: z.object({
        at: z.string().nullish().describe('ISO 8601 with offset, as 2026-11-21T10:00:00-05:00'),
        inMinutes: z.number().nullish().describe('Minutes from now'),
      }),
      execute: (asked) => {
        const time = callBackTime(asked, Date.now());
        if (!time.ok) return Promise.resolve(time.problem);
        effects.callBack(time.atMs);
        const when = new Date(time.atMs).toISOString();
        return Promise.resolve(`Noted for ${when}. Confirm the time to the customer.`);
      },
    }),

    request_human: llm.tool({
      description:
        'Notifies a human colleague that the customer wants a person. Use it when the customer asks for one, or when you cannot help.',
      parameters: z.object({ reason: z.string().describe('Why a person is needed, in a few words') }),
      execute: ({ reason }) => {
        if (!humanAsked) effects.humanRequested(fitReason(reason));
        humanAsked = true;
        return Promise.resolve(
          'A colleague has been notified. Tell the customer so, and stay with them until then.',
        );
      },
    }),

    end_call: llm.tool({
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
    }),
  };

  /** `over`: what the customer wished and did not take back stands. */
  return { tools, over: (): void => wish.over() };
}
