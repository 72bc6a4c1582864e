import { setTimeout as sleep } from 'node:timers/promises';
import type { Line, SteeredAgent, SteeredSession } from './line.ts';
import { note } from './line.ts';
import { whisperNote } from './notes.ts';
import type { OrderHands } from './order-desk.ts';
import { NotFollowed } from './order-desk.ts';

/** A whisper's reply waits so long for what is being said to be over, ms; then the customer's next turn has it. */
const REPLY_WITHIN_MS = 20_000;
const POLL_MS = 50;

/** Pauses and resumes the recording of this call. Throws {@link NotFollowed} where that cannot be done. */
export interface RecordingHands {
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export interface SteeredSessionOptions {
  readonly session: SteeredSession & { readonly agentState: string };
  readonly agent: SteeredAgent;
  readonly line: Line;
  readonly recording: RecordingHands;
  /** The line is given up: nobody judges any more who answered. */
  readonly onTakeOver: () => void;
}

/** What orders mean to the framework's session. */
export function steeredSession(options: SteeredSessionOptions): OrderHands {
  const { session, agent, line, recording, onTakeOver } = options;
  return {
    whisper: async (text) => {
      const told = whisperNote(text);
      // In the history first: from here on every turn follows it (STEER-3).
      await note(agent, told);
      if (!line.isHeld) void replyWhenQuiet(options, told);
    },
    say: async (text) => {
      if (line.isHeld) throw new NotFollowed('a person holds the line');
      const speech = session.say(text, { allowInterruptions: true });
      await speech.waitForPlayout();
      if (speech.interrupted && speech.chatItems.length === 0)
        throw new NotFollowed('it was broken off before anything was heard');
    },
    takeOver: () => {
      onTakeOver();
      return line.giveUp();
    },
    handBack: (words) => line.takeBack(words),
    pauseRecording: () => recording.pause(),
    resumeRecording: () => recording.resume(),
    lineIs: async (held) => {
      if (held === line.isHeld) return;
      if (!held) return line.lapse();
      onTakeOver();
      line.stayAway();
    },
  };
}

/** A reply that begins while something is being said would not know of it. The customer's own turn makes it needless. */
async function replyWhenQuiet(
  { session, line }: Pick<SteeredSessionOptions, 'session' | 'line'>,
  instructions: string,
): Promise<void> {
  const untilMs = Date.now() + REPLY_WITHIN_MS;
  while (session.agentState === 'speaking' || session.agentState === 'thinking') {
    if (Date.now() > untilMs) return;
    await sleep(POLL_MS);
  }
  // While the customer speaks their turn is the next, and has the note in its history.
  if (line.isHeld || session.userState === 'speaking') return;
  session.generateReply({ instructions });
}
