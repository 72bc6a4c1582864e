import type { CallFact, CallRequested, PersonalParts, ToolUsed } from '../call/fact.ts';
import type { Order } from '../call/supervision.ts';

/** What stands where words were. */
export const ERASED = '[erased]';

/** The fact without these parts. Its place, its kind and its times stay: the state is still the fold of the ledger. */
export function eraseFact(fact: CallFact, { words, contact }: PersonalParts): CallFact {
  switch (fact.type) {
    case 'callRequested':
      return contact ? withoutContact(fact) : fact;
    case 'wordsSpoken':
      return words ? { ...fact, text: ERASED } : fact;
    case 'answerRecorded':
      return words ? { ...fact, answer: ERASED } : fact;
    case 'toolUsed':
      return words ? withoutContent(fact) : fact;
    case 'humanRequested':
      return words ? { ...fact, reason: '' } : fact;
    case 'orderGiven':
      return words ? { ...fact, order: withoutWords(fact.order) } : fact;
    case 'callFlagged':
      return words && fact.note !== null ? { ...fact, note: ERASED } : fact;
    case 'callEnded':
      // Ours are fixed sentences; an agent's are its own.
      return words && (fact.endedBy === 'agent' || fact.endedBy === 'customer')
        ? { ...fact, reason: '' }
        : fact;
    default:
      return fact;
  }
}

function withoutContent({ given: _given, gave: _gave, ...fact }: ToolUsed): ToolUsed {
  return fact;
}

function withoutWords(order: Order): Order {
  switch (order.kind) {
    case 'whisper':
    case 'say':
      return { ...order, text: ERASED };
    case 'handBack':
      return { ...order, note: null };
    default:
      return order;
  }
}

function withoutContact(fact: CallRequested): CallRequested {
  const { phone, briefing } = fact;
  return {
    ...fact,
    contact: { ...fact.contact, name: null },
    ...(phone === undefined ? {} : { phone: { ...phone, number: null } }),
    // It was filled in for this person.
    ...(briefing === undefined ? {} : { briefing: { script: '', greeting: null, voicemailMessage: null } }),
  };
}

/**
 * The name of the ledger's numbers from event `seq` on, at which it was rewritten: whoever holds entries of before must
 * start over (LEDGER-2).
 */
export const epochAfterErasing = (epoch: string, seq: number): string => `${epoch.split('~')[0]}~${seq}`;
