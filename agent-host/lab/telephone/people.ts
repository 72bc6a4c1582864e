import type { Behaviour } from '../scenarios.ts';

/** What happens when somebody's telephone is rung. */
export type Reaction =
  | { readonly kind: 'answers'; readonly as: Behaviour; readonly afterMs: number }
  | { readonly kind: 'busy'; readonly afterMs: number }
  | { readonly kind: 'declined'; readonly afterMs: number }
  | { readonly kind: 'invalidNumber' }
  | { readonly kind: 'failed' }
  /** Rings until the caller gives up. */
  | { readonly kind: 'noAnswer' };

const answers = (as: Behaviour, afterMs = 1_200): Reaction => ({ kind: 'answers', as, afterMs });
const busy: Reaction = { kind: 'busy', afterMs: 300 };
const declines: Reaction = { kind: 'declined', afterMs: 1_500 };
const noAnswer: Reaction = { kind: 'noAnswer' };

/**
 * Who lives in the lab, by the last two digits of the number, attempt by attempt; the last entry is for all that follow. Every
 * other number answers and talks a little. docs/telephony.md shows this table to people.
 */
export const PEOPLE: Readonly<Record<string, readonly Reaction[]>> = {
  '10': [busy],
  '11': [busy, answers('short-answer')],
  '20': [noAnswer],
  '21': [noAnswer, answers('short-answer')],
  '30': [declines],
  '40': [{ kind: 'invalidNumber' }],
  '45': [{ kind: 'failed' }],
  '50': [answers('mailbox', 2_000)],
  '51': [answers('mailbox', 2_000), answers('short-answer')],
  '60': [answers('hangs-up-mid-sentence')],
  '70': [answers('never-again')],
  '71': [answers('never-again-hangs-up')],
  '80': [answers('asks-for-person')],
  '90': [answers('wants-call-back')],
  '95': [answers('silent')],
  '01': [answers('polite-buyer')],
  '02': [answers('loan-curious')],
  '03': [answers('interrupts')],
  '04': [answers('picks-up-and-asks')],
};

/** @param attempt counts from 1 the times this number was rung */
export function reactionOf(number: string, attempt: number): Reaction {
  const reactions = PEOPLE[number.slice(-2)] ?? [answers('short-answer')];
  return reactions[Math.min(attempt, reactions.length) - 1] as Reaction;
}

/** Draws voice, variant and pauses: the same person each time. */
export const seedOf = (number: string): number => Number(number.slice(-6));
