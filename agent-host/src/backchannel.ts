import type { llm } from '@livekit/agents';

/** What people say to show that they listen; in English, German, Spanish, French and Hindi. It asks for nothing. */
const LISTENING =
  /^(?:(?:m+h?m+|hm+|uh[- ]?huh|ah|oh|okay|ok|yeah|yep|yes|right|sure|i see|got it|all right|alright|ja|genau|gut|aha|s[ií]|vale|claro|ya|oui|d'accord|ouais|haan|accha|theek hai)[\s,.!…]*){1,3}$/i;

const CARRY_ON =
  'The customer only shows that they are listening. Do not answer that: finish what you were saying, beginning where you were cut off.';

export const isBackchannel = (text: string): boolean => LISTENING.test(text.trim());

/**
 * Tells the model, for this turn alone, when a word of listening cut it off: it goes on instead of answering (TURN-3). A "yes" to a
 * question that was asked to its end is an answer, and stays one.
 */
export function noteBackchannel(turn: llm.ChatContext, said: llm.ChatMessage): void {
  if (!isBackchannel(said.textContent ?? '')) return;
  const last = turn.items.findLast((item) => item.type === 'message' && item.role === 'assistant');
  if (last?.type === 'message' && last.interrupted && !/\?\s*$/.test(last.textContent ?? ''))
    turn.addMessage({ role: 'system', content: CARRY_ON });
}
