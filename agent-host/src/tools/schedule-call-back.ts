import { llm } from '@livekit/agents';
import * as z from 'zod';
import type { ToolEffects } from './tool-effects.ts';
import { callBackTime } from './wishes.ts';

export const scheduleCallBackTool = (effects: Pick<ToolEffects, 'callBack'>) =>
  llm.tool({
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
  });
