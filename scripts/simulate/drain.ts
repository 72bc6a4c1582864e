import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--allow-natives-syntax');
const checkpoint = new Function('%PerformMicrotaskCheckpoint()') as () => void;
setFlagsFromString('--no-allow-natives-syntax');

/**
 * Lets every promise that can settle do so, before virtual time goes on. V8's own checkpoint: a turn of the event loop
 * a step (`setImmediate`) cost more than the step. Does nothing when called from within a promise's own turn, so the
 * loop that calls it must not be async.
 */
export const settlePromises = (): void => checkpoint();

/** @throws Error when called within a promise's own turn, where nothing would ever settle. */
export function requireOwnTurn(): void {
  let settled = false;
  void Promise.resolve().then(() => (settled = true));
  settlePromises();
  if (!settled)
    throw new Error('the simulation must run in its own turn of the event loop: use setImmediate');
}
