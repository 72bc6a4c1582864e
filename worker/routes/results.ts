import { Hono } from 'hono';
import { correctResult, resultOf } from '../../database/results.ts';
import { resultInSight } from '../../domain/result/sight.ts';
import * as contracts from '../../protocol/api/results.ts';
import type { ResultReply } from '../../protocol/api/results.ts';
import { ownName } from '../access/principal.ts';
import { sightIn } from '../access/sight.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import type { Context } from 'hono';

export const resultRoutes = new Hono<AppEnv>();

serve(resultRoutes, contracts.getResult, async (c, { params: { callId } }) => {
  return (await replyOf(c, callId)) ?? noResult(c);
});

serve(resultRoutes, contracts.correctResult, async (c, { params: { callId }, body }) => {
  const principal = c.get('principal');
  const byName = ownName(principal) ?? principal.kind;
  // Never what was said: the log would be the last place that remembers it.
  const detail = [body.disposition, body.interest].filter((each) => each !== undefined).join(', ');
  const entry = auditOf(c, 'call.resultCorrected', { subject: `call:${callId}`, detail });
  const by = { name: byName, atMs: Date.now() };
  if (!(await correctResult(c.env.DB, callId, body, by, entry))) return noResult(c);
  return (await replyOf(c, callId)) ?? noResult(c);
});

async function replyOf(c: Context<AppEnv>, callId: string): Promise<ResultReply | null> {
  const stored = await resultOf(c.env.DB, callId);
  if (stored === null) return null;
  const { judgedAtMs, correction } = stored;
  return { ...resultInSight(stored.result, correction, sightIn(c)), judgedAtMs };
}

const noResult = (c: Context<AppEnv>): Response =>
  refuse(c, 'not_found', 'This call has no result.', {
    detail: 'It has not ended, was not found, or its words were erased.',
  });
