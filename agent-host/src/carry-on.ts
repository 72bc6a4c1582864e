import { voice } from '@livekit/agents';

/** Nothing was understood this long, ms, after the sound that cut the agent off had ended: it was noise. */
export const NOISE_AFTER_MS = 2_500;

const NOISE =
  'A noise cut you off; the customer said nothing. Finish what you were saying, in one or two short sentences.';

const events = voice.AgentSessionEventTypes;

/**
 * An agent that was cut off by a cough or a slammed door goes on by itself, or both would wait for the other.
 *
 * The framework can pause and resume instead, but in 1.9.0 a paused speech that is then really interrupted lets a
 * scrap of the old sentence out (~100 ms, heard on 2 of 4 interruptions), and reports its cut 2–3 s late.
 */
/** `isMachine`: nobody is there who waits. */
export function carryOnAfterNoise(
  session: Pick<voice.AgentSession, 'on' | 'generateReply'>,
  isMachine: () => boolean = () => false,
): void {
  let cutOff = false;
  let customerSpeaks = false;
  let timer: NodeJS.Timeout | undefined;

  const settle = (): void => {
    cutOff = false;
    clearTimeout(timer);
  };
  const consider = (): void => {
    clearTimeout(timer);
    if (!cutOff || customerSpeaks) return;
    timer = setTimeout(() => {
      settle();
      if (isMachine()) return;
      session.generateReply({ instructions: NOISE });
    }, NOISE_AFTER_MS);
  };

  session.on(events.ConversationItemAdded, ({ item }) => {
    if (item.type !== 'message' || item.role !== 'assistant' || !item.interrupted) return;
    cutOff = true;
    consider();
  });
  session.on(events.UserStateChanged, ({ newState }) => {
    customerSpeaks = newState === 'speaking';
    consider();
  });
  session.on(events.UserInputTranscribed, ({ transcript }) => {
    if (transcript.trim() !== '') settle();
  });
  session.on(events.AgentStateChanged, ({ newState }) => {
    if (newState === 'thinking' || newState === 'speaking') settle();
  });
  session.on(events.Close, settle);
}
