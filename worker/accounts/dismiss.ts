import type { Context } from 'hono';
import { boardOf, callRoomOf, noticesOf } from '../../durable-objects/env.ts';
import { log } from '../../durable-objects/log.ts';
import type { AppEnv } from '../app-env.ts';

/** Calls told at once. */
const TOLD_AT_ONCE = 40;

/**
 * After sessions ended or a role changed: the person's open sockets are closed, on the board, for notices and on every
 * call in progress, and come back only as the person is now. It goes on after the answer; what it does not reach ends by itself
 * (`durable-objects/authorisation.ts`).
 */
export function dismissSockets(c: Context<AppEnv>, userId: string): void {
  const requestId = c.get('requestId');
  c.executionCtx.waitUntil(
    dismiss(c.env, userId).catch((error: unknown) => {
      log('warn', 'sockets of a person could not be closed at once', { requestId, error: String(error) });
    }),
  );
}

async function dismiss(env: AppEnv['Bindings'], userId: string): Promise<void> {
  const board = boardOf(env);
  await Promise.all([board.dismiss(userId), noticesOf(env).dismiss(userId)]);
  const callIds = (await board.live()).map(({ callId }) => callId);
  const lanes = Array.from({ length: TOLD_AT_ONCE }, async () => {
    for (let callId = callIds.pop(); callId !== undefined; callId = callIds.pop()) {
      await callRoomOf(env, callId).dismiss(userId);
    }
  });
  await Promise.all(lanes);
}
