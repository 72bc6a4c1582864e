import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { CallResultSchema, CorrectionSchema } from '../result.ts';
import { CallParams } from './calls.ts';
import { contract } from './contract.ts';

const tag = 'Results';

const ReplySchema = z.object({
  result: CallResultSchema,
  judgedAtMs: AtMs,
  /** What a person put right; null while nobody did. */
  correction: z.nullable(z.object({ correction: CorrectionSchema, byName: z.string(), atMs: AtMs })),
});
export type ResultReply = z.infer<typeof ReplySchema>;

export const getResult = contract({
  method: 'GET',
  path: '/api/calls/:callId/result',
  summary: 'What a call came to: summary, outcome, interest with the words that support it',
  tag,
  params: CallParams,
  status: 200,
  reply: ReplySchema,
});
export const correctResult = contract({
  method: 'PUT',
  path: '/api/calls/:callId/correction',
  summary: 'Put a result right. What was judged is kept beside it',
  tag,
  params: CallParams,
  body: CorrectionSchema,
  status: 200,
  reply: ReplySchema,
});
