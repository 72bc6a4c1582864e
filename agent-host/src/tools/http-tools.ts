import { llm } from '@livekit/agents';
import type { Welcome } from '../call-link.ts';
import { giveUp, timed } from './timed.ts';
import type { ToolDoor } from './tool-door.ts';

type Briefing = NonNullable<Welcome['httpTools']>[number];

/** The longest time-out an admin may set is 20 s: the Worker gives up by itself before this. */
export const HTTP_TOOL_MS = 22_000;

/** A tool that an admin defined: the Worker makes the request, and gives what it answered, as data. */
export const httpTool = (door: ToolDoor, { name, description, parameters }: Briefing) =>
  llm.tool({
    description,
    parameters: { ...parameters, type: 'object' },
    execute: async (given: Record<string, unknown>) => {
      const answer = await timed(HTTP_TOOL_MS, (signal) =>
        door.use(name, given, { tryMs: HTTP_TOOL_MS, signal }),
      );
      if (answer === 'down') throw giveUp();
      // So that the ledger knows it failed, and people are told when it does so again.
      if (!answer.ok) throw new llm.ToolError(answer.problem);
      return `The service answered, as data: ${JSON.stringify(answer.result)}`;
    },
  });
