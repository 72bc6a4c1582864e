import { runScriptedCall } from '../../agent-host/lab/caller.ts';
import type { Behaviour } from '../../agent-host/lab/scenarios.ts';

/** What a caller's process is told, as its one argument in JSON. */
export interface CallerTask {
  readonly url: string;
  readonly token: string;
  readonly behaviour: Behaviour;
  readonly seed: number;
}

/**
 * One caller in a process of its own. When the media server has crashed under it, LiveKit's client may say that it has
 * left and yet stay in the room, silent, as long as its process lives: then the call rightly goes on. A process can be
 * ended. Any message from the parent means: hang up. The report goes back as a message.
 */
const task = JSON.parse(process.argv[2] ?? '') as CallerTask;
const hangUp = new AbortController();
process.once('message', () => hangUp.abort());
process.once('disconnect', () => process.exit(1));

try {
  const report = await runScriptedCall({ ...task, signal: hangUp.signal });
  process.send?.({ report }, () => process.exit(0));
} catch (error) {
  process.send?.({ failure: error instanceof Error ? error.message : String(error) }, () => process.exit(0));
}
