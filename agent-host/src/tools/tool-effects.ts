import type { Observation } from '../../../domain/call/input.ts';
import type { Ending } from '../ending.ts';

/** What tools bring about in the call itself. */
export interface ToolEffects {
  humanRequested(reason: string): void;
  /** The goodbye was said, or took too long. Called at most once. */
  endCall(reason: string): void;
  /** The customer is never to be called again. Called at most once. */
  doNotCall(): void;
  /** Epoch ms of this host's clock. The last one counts. */
  callBack(forAtMs: number): void;
  /** The last answer to a question counts. */
  answer(question: string, answer: string): void;
}

/** As the ledger hears of it; the end is the call's own. */
export const effectsOn = (observe: (observation: Observation) => void, ending: Ending): ToolEffects => ({
  humanRequested: (reason) => observe({ type: 'humanRequested', reason }),
  endCall: (reason) => ending.end('agent', reason),
  doNotCall: () => observe({ type: 'doNotCallRequested' }),
  callBack: (forAtMs) => observe({ type: 'callBackRequested', forAtMs }),
  answer: (question, answer) => observe({ type: 'answerRecorded', question, answer }),
});
