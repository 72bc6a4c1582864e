import { createSubscriber } from 'svelte/reactivity';

/** This browser's clock as a value that changes every second while anything on the screen reads it. */
export class Clock {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  /** Epoch ms on this browser's own clock; add a feed's `clockOffsetMs` for the server's. */
  get nowMs(): number {
    this.#subscribe();
    return Date.now();
  }
}
