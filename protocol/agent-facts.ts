import * as z from 'zod/mini';
import { modelStages } from '../domain/profile/models.ts';
import { Id } from './primitives.ts';

const ModelNameSchema = z.string().check(z.minLength(1), z.maxLength(200));

export const AnswerRecordedSchema = z.object({
  type: z.literal('answerRecorded'),
  question: Id,
  answer: z.string().check(z.maxLength(500)),
});
export const ModelReplacedSchema = z.object({
  type: z.literal('modelReplaced'),
  stage: z.enum(modelStages),
  from: ModelNameSchema,
  to: z.nullable(ModelNameSchema),
});
export const LanguageSwitchedSchema = z.object({
  type: z.literal('languageSwitched'),
  to: z.string().check(z.maxLength(40)),
});

/** What an agent does and suffers, as it travels. */
export const agentFacts = [AnswerRecordedSchema, ModelReplacedSchema, LanguageSwitchedSchema] as const;
