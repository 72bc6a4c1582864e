import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ToolAnswer } from '../../../protocol/tools.ts';
import { ToolAnswerSchema } from '../../../protocol/tools.ts';
import type { Log } from '../log.ts';
import { errorName } from '../log.ts';

/** `down`: it was not reached, or refuses this call; the reason is in the log. */
export type DoorAnswer = ToolAnswer | 'down';

/** The Worker's side of tools. */
export interface ToolDoor {
  use(
    tool: string,
    given: Readonly<Record<string, unknown>>,
    options: { readonly tryMs: number; readonly signal: AbortSignal },
  ): Promise<DoorAnswer>;
}

export interface ToolDoorOptions {
  readonly workerUrl: string;
  readonly callId: string;
  readonly doorToken: string;
  readonly log: Pick<Log, 'warn'>;
}

const TRIES = 2;
const PAUSE_MS = 250;

/**
 * Over HTTP, with the call's own token. A door that is down is tried once more under the same id, so that a use whose answer was
 * lost changes nothing twice (TOOL-4); then it is given up.
 */
export function toolDoor({ workerUrl, callId, doorToken, log }: ToolDoorOptions): ToolDoor {
  return {
    async use(tool, given, { tryMs, signal }) {
      const body = JSON.stringify({ useId: randomUUID(), arguments: given });
      for (let attempt = 1; attempt <= TRIES && !signal.aborted; attempt++) {
        if (attempt > 1) await sleep(PAUSE_MS);
        try {
          const response = await fetch(
            `${workerUrl}/api/agent/calls/${encodeURIComponent(callId)}/tools/${encodeURIComponent(tool)}`,
            {
              method: 'POST',
              headers: { authorization: `Bearer ${doorToken}`, 'content-type': 'application/json' },
              body,
              signal: AbortSignal.any([signal, AbortSignal.timeout(tryMs)]),
            },
          );
          if (response.ok) return ToolAnswerSchema.parse(await response.json());
          log.warn('a tool was refused', { tool, status: response.status, attempt });
          // It says no, and will again.
          if (response.status < 500 && response.status !== 429) return 'down';
        } catch (error) {
          log.warn('the tool door is down', { tool, attempt, name: errorName(error) });
        }
      }
      return 'down';
    },
  };
}
