import { llm } from '@livekit/agents';
import * as z from 'zod';
import { fitReason } from '../fit.ts';
import type { ToolEffects } from './tool-effects.ts';

/** @param transferTo for whom they are, as people know it; null: whoever is there */
export function requestHumanTool(effects: Pick<ToolEffects, 'humanRequested'>, transferTo: string | null) {
  let asked = false;
  const whom = transferTo === null ? 'A colleague' : `A colleague of ${transferTo}`;
  return llm.tool({
    description:
      'Notifies a human colleague that the customer wants a person. Use it when the customer asks for one, or when you cannot help.',
    parameters: z.object({ reason: z.string().describe('Why a person is needed, in a few words') }),
    execute: ({ reason }) => {
      if (!asked)
        effects.humanRequested(fitReason(transferTo === null ? reason : `For ${transferTo}: ${reason}`));
      asked = true;
      return Promise.resolve(
        `${whom} has been notified. Tell the customer so, and stay with them until then.`,
      );
    },
  });
}
