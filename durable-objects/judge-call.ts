import { isForModel, noteModelFailed, resultOf, wordsSeqOf, writeModelResult } from '../database/results.ts';
import type { CallState } from '../domain/call/state.ts';
import { conversationOf } from '../domain/result/conversation.ts';
import { believed } from '../domain/result/from-model.ts';
import type { Env } from './env.ts';
import { log } from './log.ts';
import { resultModelOf } from './result-model.ts';

/**
 * Has a model judge a call that has ended, once for the same words (RESULT-1). Does nothing where none is configured. Where it
 * cannot be had, the result by rules stands and D1 remembers to ask again.
 */
export async function judgeCall(env: Env, call: CallState): Promise<void> {
  const model = resultModelOf(env);
  if (model === null || call.end === null || call.erased?.words === true || !isForModel(call)) return;
  const { callId } = call.request;
  const wordsSeq = wordsSeqOf(call);
  const stored = await resultOf(env.DB, callId);
  if (stored?.wordsSeq !== wordsSeq || stored.result.source === 'model') return;
  const conversation = conversationOf(call);
  try {
    const verdict = await model.judge(conversation);
    await writeModelResult(env.DB, callId, wordsSeq, believed(verdict, model.name, conversation), Date.now());
  } catch (error) {
    log('warn', 'a call could not be judged by a model', { callId, error: String(error) });
    await noteModelFailed(env.DB, callId, wordsSeq, Date.now());
  }
}
