import type { llm, voice } from '@livekit/agents';
import type { Turn } from '../../../domain/vehicle/confirmation.ts';

type Session = Pick<voice.AgentSession, 'history'>;

/** What we told the model in a customer's place (`session.ts`): nobody said it, so it confirms nothing. */
const TOLD_AS_DATA = /^[A-Za-z ]+, as data: /;

/** Both sides' words so far, in order: what the agent was cut off in is as long as it was heard. */
export const turnsOf = ({ history }: Session): Turn[] =>
  history.items.flatMap((item: llm.ChatItem): Turn[] => {
    if (item.type !== 'message' || (item.role !== 'user' && item.role !== 'assistant')) return [];
    const text = item.textContent ?? '';
    return text === '' || TOLD_AS_DATA.test(text)
      ? []
      : [{ speaker: item.role === 'user' ? 'customer' : 'agent', text }];
  });

export const customerTurns = (session: Session): number =>
  turnsOf(session).filter(({ speaker }) => speaker === 'customer').length;
