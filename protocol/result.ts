import * as z from 'zod/mini';
import type { ModelVerdict } from '../domain/result/from-model.ts';
import type { CallResult, Correction } from '../domain/result/result.ts';
import { dispositions, interestLevels } from '../domain/result/result.ts';
import { AtMs, Count, Id } from './primitives.ts';

const short = (length: number) => z.string().check(z.maxLength(length));
const Mood = z.int().check(z.minimum(-2), z.maximum(2));
const QuoteSchema = z.object({ utteranceId: Id, text: z.string() });

export const DispositionSchema = z.enum(dispositions);
export const InterestSchema = z.enum(interestLevels);
/** What a call came to, in a list. */
export const ResultBriefSchema = z.object({ disposition: DispositionSchema, interest: InterestSchema });

export const CallResultSchema: z.ZodMiniType<CallResult> = z.object({
  source: z.enum(['model', 'rules']),
  model: z.nullable(z.string()),
  summary: z.string(),
  disposition: DispositionSchema,
  interest: z.object({ level: InterestSchema, quotes: z.array(QuoteSchema) }),
  sentiment: z.array(z.object({ utteranceId: Id, value: Mood })),
  answers: z.array(z.object({ question: z.string(), answer: z.string(), quote: QuoteSchema })),
  nextStep: z.nullable(z.string()),
  callBackAtMs: z.nullable(AtMs),
  topics: z.array(z.string()),
  withheld: Count,
});

export const CorrectionSchema: z.ZodMiniType<Correction> = z.strictObject({
  disposition: z.optional(DispositionSchema),
  interest: z.optional(InterestSchema),
  summary: z.optional(z.string().check(z.minLength(1), z.maxLength(1_000))),
  note: z.nullable(short(500)),
});

const quoted = { n: z.int(), words: short(500) };

/** What a model answers; anything else is no answer. */
export const ModelVerdictSchema: z.ZodMiniType<ModelVerdict> = z.strictObject({
  summary: short(1_000),
  disposition: DispositionSchema,
  interest: InterestSchema,
  interestQuotes: z.array(z.strictObject(quoted)).check(z.maxLength(5)),
  sentiment: z.array(z.strictObject({ n: z.int(), value: Mood })).check(z.maxLength(500)),
  answers: z
    .array(z.strictObject({ question: short(200), answer: short(300), ...quoted }))
    .check(z.maxLength(20)),
  nextStep: z.nullable(short(200)),
  topics: z.array(short(60)).check(z.maxLength(8)),
});
