/**
 * How long a model is waited for, ms. A customer hears each of these as silence: all of a stage's tries together stay within
 * `GIVE_UP_MS` (MODEL-2).
 */
export const FIRST_TOKEN_MS = 2_500;
/** Between two pieces of an answer that has begun. */
export const NEXT_TOKEN_MS = 3_000;
/** The first sound of a sentence: a voice that sends it whole needs longer for a long one. */
export const firstSoundMs = (characters: number): number => Math.min(4_500, 1_800 + 15 * characters);
/** Between two pieces of a sentence's sound. */
export const NEXT_SOUND_MS = 2_000;
/** The words to a stretch of speech, from its end. */
export const TRANSCRIPT_MS = 3_000;
/** All tries of one stage for one turn. */
export const GIVE_UP_MS = 8_000;
/**
 * The first sound of a call, from the last voice there is: before it nothing can be said, not even that there is a problem, so that a
 * slow greeting is better than none.
 */
export const FIRST_WORDS_MS = 20_000;
/** Between two rounds of tries: a service that refuses at once is not asked a thousand times. */
export const ROUND_MS = 300;

/** What could not wait any longer. */
export class TooSlow extends Error {
  constructor() {
    super('no answer in time');
    this.name = 'TooSlow';
  }
}

/**
 * `work`, or TooSlow after `ms`, or an AbortError when `signal` says so first. The work itself is not stopped: whoever began it
 * closes it.
 */
export function within<T>(work: Promise<T>, ms: number, signal?: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
    const aborted = (): void => {
      done();
      reject(new DOMException('no longer wanted', 'AbortError'));
    };
    const timer = setTimeout(
      () => {
        done();
        reject(new TooSlow());
      },
      Math.max(0, ms),
    );
    if (signal?.aborted === true) return aborted();
    signal?.addEventListener('abort', aborted, { once: true });
    work.then(
      (value) => {
        done();
        resolve(value);
      },
      (error: unknown) => {
        done();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

/** Resolves after `ms`, or at once when `signal` says so. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) return done();
    signal.addEventListener('abort', done, { once: true });
  });
}
