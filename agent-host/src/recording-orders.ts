import { randomUUID } from 'node:crypto';
import type { Outcome } from './recorder/recorder.ts';
import { tellHost } from './job-news.ts';

/** A host that says nothing by then is gone; longer than the recorder itself is given. */
const ANSWER_MS = 3_000;
/** The framework ignores messages whose `case` it does not know. */
const CASE = 'earshot.recordingOrder';

interface Answer {
  readonly orderId: string;
  readonly outcome: Outcome;
}

/**
 * In a job's process: has the host's recorder record silence, or sound again. Resolves when it does so; never throws. It
 * holds for every recorder of the call until the other is asked for.
 */
export function pauseRecording(callId: string, paused: boolean): Promise<Outcome> {
  const orderId = randomUUID();
  return new Promise((resolve) => {
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      process.off('message', hear);
      resolve(outcome);
    };
    const hear = (message: unknown): void => {
      const answer = answerOf(message);
      if (answer?.orderId === orderId) settle(answer.outcome);
    };
    const timer = setTimeout(() => settle({ ok: false, reason: 'the agent host did not answer' }), ANSWER_MS);
    process.on('message', hear);
    tellHost({ callId, type: 'pauseRecording', orderId, paused });
  });
}

/** In the host: what became of it, for the job that asked. */
export const recordingAnswer = (orderId: string, outcome: Outcome): object => ({
  case: CASE,
  value: { orderId, outcome } satisfies Answer,
});

function answerOf(message: unknown): Answer | null {
  const isOurs =
    typeof message === 'object' && message !== null && 'case' in message && message.case === CASE;
  return isOurs ? (message as unknown as { value: Answer }).value : null;
}
