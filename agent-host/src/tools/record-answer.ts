import { llm } from '@livekit/agents';
import * as z from 'zod';
import type { Question } from '../../../domain/profile/profile.ts';
import type { ToolEffects } from './tool-effects.ts';

/** The protocol's longest answer. */
const ANSWER_LETTERS = 500;

/** @param questions at least one: the only keys there are */
export function recordAnswerTool(effects: Pick<ToolEffects, 'answer'>, questions: readonly Question[]) {
  const open = new Map(questions.map((each) => [each.key, each.question]));
  return llm.tool({
    description:
      'Notes the customer’s answer to one of your questions. Use it as soon as you have one; a later answer replaces it.',
    parameters: z.object({
      question: z.enum(questions.map(({ key }) => key)).describe('The key of the question'),
      answer: z.string().min(1).describe('What the customer answered, in a few words of theirs'),
    }),
    execute: ({ question, answer }) => {
      effects.answer(question, answer.slice(0, ANSWER_LETTERS));
      open.delete(question);
      const [next] = open;
      return Promise.resolve(
        next === undefined
          ? 'Noted. All questions are answered.'
          : `Noted. Still open: ${next[0]}: ${next[1]} Ask that next.`,
      );
    },
  });
}
