import { voice } from '@livekit/agents';
import type { Verdict } from './answer-judge.ts';
import { AnswerJudge } from './answer-judge.ts';
import { VAD_MIN_SILENCE_MS, VAD_MIN_SPEECH_MS } from './customer-words.ts';

const events = voice.AgentSessionEventTypes;
const LOOK_EVERY_MS = 100;
/** A machine that has been silent so long has given its tone and listens. */
const LISTENS_AFTER_MS = 1_200;
/** One that never stops speaking is spoken to all the same. */
const GREETS_AT_MOST_MS = 30_000;

/** Listens for an answering machine beside the greeting, which does not wait for it (AMD-1). `onVerdict` is called once, within 8 s. */
export function listenForMachine(
  session: Pick<voice.AgentSession, 'on'>,
  answeredAtMs: number,
  onVerdict: (verdict: Verdict) => void,
): { stop(): void } {
  const judge = new AnswerJudge(answeredAtMs);
  const look = (): void => {
    const verdict = judge.verdict(Date.now());
    if (verdict === null) return;
    clearInterval(timer);
    onVerdict(verdict);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  session.on(events.UserStateChanged, ({ newState, oldState, createdAt }) => {
    if (newState === 'speaking') judge.startedSpeaking(createdAt - VAD_MIN_SPEECH_MS);
    else if (oldState === 'speaking') judge.stoppedSpeaking(createdAt - VAD_MIN_SILENCE_MS);
  });
  session.on(events.UserInputTranscribed, ({ transcript, isFinal }) => {
    judge.heard(transcript, isFinal);
    look();
  });
  session.on(events.Close, () => clearInterval(timer));
  return { stop: () => clearInterval(timer) };
}

/** Resolves when the machine has said its greeting and listens, or has talked for too long. */
export function machineListens(session: Pick<voice.AgentSession, 'on' | 'off' | 'userState'>): Promise<void> {
  return new Promise((resolve) => {
    let quiet: NodeJS.Timeout | undefined;
    const done = (): void => {
      clearTimeout(quiet);
      clearTimeout(overdue);
      session.off(events.UserStateChanged, consider);
      resolve();
    };
    const consider = (): void => {
      clearTimeout(quiet);
      if (session.userState !== 'speaking') quiet = setTimeout(done, LISTENS_AFTER_MS);
    };
    const overdue = setTimeout(done, GREETS_AT_MOST_MS);
    session.on(events.UserStateChanged, consider);
    consider();
  });
}
