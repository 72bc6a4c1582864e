import type { CallInput } from '../../domain/call/input.ts';
import type { ObjectHost } from './object-host.ts';
import type { Chance } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Weather } from './weather.ts';

/** LiveKit tries a webhook that was answered with 5xx again after these, then drops it. */
const RETRIES_MS = [1_000, 2_000, 4_000, 8_000];

/** The media server's news on its way to the object: late, repeated, out of order or never. */
export class Webhooks {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #weather: Weather;
  readonly #host: ObjectHost;

  constructor(clock: VirtualClock, chance: Chance, weather: Weather, host: ObjectHost) {
    this.#clock = clock;
    this.#chance = chance;
    this.#weather = weather;
    this.#host = host;
  }

  send(news: CallInput): void {
    const copies = this.#chance.happens(this.#weather.webhookRepeated) ? this.#chance.between(2, 5) : 1;
    for (let copy = 0; copy < copies; copy++) {
      const lost = this.#chance.happens(this.#weather.webhookLost);
      const delayMs = this.#chance.delay(5, 40_000);
      if (!lost) this.#clock.after(delayMs, () => this.#deliver(news, 0));
    }
  }

  #deliver(news: CallInput, attempt: number): void {
    if (this.#host.take(news) !== null) return;
    const retryMs = RETRIES_MS[attempt];
    if (retryMs !== undefined) this.#clock.after(retryMs, () => this.#deliver(news, attempt + 1));
  }
}
