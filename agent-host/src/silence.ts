import { voice } from '@livekit/agents';
import type { Profile } from '../../domain/profile/profile.ts';
import type { Farewell } from './farewell.ts';

const events = voice.AgentSessionEventTypes;

export interface SilenceOptions {
  readonly session: Pick<voice.AgentSession, 'on' | 'say' | 'agentState' | 'userState'>;
  readonly profile: Pick<Profile, 'silence' | 'goodbyeLine'>;
  readonly farewell: Pick<Farewell, 'say' | 'hasBegun'>;
  /** A colleague has the line, or a machine listens: nobody is asked anything. */
  readonly isSilent: () => boolean;
}

/**
 * Asks a customer who says nothing whether they are still there, so often in a row, then says goodbye and hangs up (TURN-1). The time
 * runs while nobody speaks and nothing is thought of; with a colleague on the line, or a machine, it begins anew.
 *
 * The framework's own `userAwayTimeout` (1.9.0) rings once and then not again before the customer has spoken.
 */
export function askAfterSilence({ session, profile, farewell, isSilent }: SilenceOptions): () => void {
  const { askAfterS, asks, line } = profile.silence;
  let asked = 0;
  let timer: NodeJS.Timeout | undefined;
  let over = false;

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const begin = (): void => {
    stop();
    const isQuiet = session.agentState === 'listening' || session.agentState === 'idle';
    if (over || !isQuiet || session.userState === 'speaking') return;
    timer = setTimeout(ring, askAfterS * 1_000);
  };
  const ring = (): void => {
    if (farewell.hasBegun) return;
    if (isSilent()) return begin();
    if (asked < asks) {
      asked++;
      session.say(line, { allowInterruptions: true });
      return;
    }
    void farewell.say({
      line: profile.goodbyeLine,
      reason: 'the customer said nothing any more',
      outcome: 'stale',
    });
  };

  session.on(events.AgentStateChanged, begin);
  session.on(events.UserStateChanged, begin);
  session.on(events.UserInputTranscribed, ({ transcript }) => {
    // A sound is no answer, a word is.
    if (transcript.trim() === '') return;
    asked = 0;
    begin();
  });
  session.on(events.Close, () => {
    over = true;
    stop();
  });
  begin();
  return () => {
    over = true;
    stop();
  };
}
