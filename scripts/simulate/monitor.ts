import type { CallEvent } from '../../domain/call/fact.ts';
import type { MonitorDown } from '../../protocol/monitor.ts';
import { closeCodes } from '../../protocol/refusal.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { SimulatedSocket } from './socket.ts';
import type { Stage } from './stage.ts';
import { COMPARED_EVERY_MS, MONITOR_STALLED_MS } from './judge/limits.ts';

/** Long enough after the end for every late word; a monitor that is cut for ever would only take time. */
const WATCHES_AFTER_END_MS = 60_000;
const EPOCH = 'e1';
const PING_EVERY_MS = 10_000;
/** The object looks at its monitors when its alarm rings, at the latest with the next comparison. */
const STALL_NOTICED_MS = MONITOR_STALLED_MS + COMPARED_EVERY_MS + 10_000;

/** A dashboard that watches one call through cuts, and complains of any event that is missing, repeated or out of order. */
export class Monitor {
  readonly events: CallEvent[] = [];
  readonly #stage: Stage;
  #expectsReset: 'otherEpoch' | 'aheadOfLedger' | null = null;
  #socket: SimulatedSocket | null = null;
  #over = false;
  /** Since when it reads no more; null while it does. */
  #stalledSinceMs: number | null = null;

  constructor(stage: Stage) {
    this.#stage = stage;
    stage.clock.after(stage.chance.between(50, 20_000), () => this.#connect());
    this.#cutSometimes();
  }

  /** Looks once more and for the last time. */
  lookAgain(): void {
    this.#over = true;
    this.#socket?.hangUp();
    this.#stalledSinceMs = null;
    this.#connect();
  }

  close(): void {
    this.#over = true;
    this.#socket?.hangUp();
  }

  get #watches(): boolean {
    const { clock, ledger } = this.#stage;
    const endAtMs = ledger.model.end?.atMs ?? Number.POSITIVE_INFINITY;
    return !this.#over && clock.nowMs <= endAtMs + WATCHES_AFTER_END_MS;
  }

  #connect(): void {
    const { host, clock, chance, weather, ledger } = this.#stage;
    let since = this.events.length;
    let epoch = since === 0 ? '' : EPOCH;
    this.#expectsReset = null;
    if (chance.happens(weather.monitorMistaken)) {
      // A page left open on a ledger that was restored from a backup, or one that was made anew.
      if (chance.happens(0.5)) {
        since = chance.between(1, 20);
        epoch = 'another';
        this.#expectsReset = 'otherEpoch';
      } else {
        since = ledger.events.length + 1_000;
        epoch = EPOCH;
        this.#expectsReset = 'aheadOfLedger';
      }
    }
    const query = { user: 'u', sight: 'clear', since: String(since), epoch, v: String(PROTOCOL_VERSION) };
    this.#socket = host.connect('monitor', query, {
      heard: (message) => this.#heard(JSON.parse(message) as MonitorDown),
      closed: (code) => {
        this.#socket = null;
        const stalled = this.#stalledSinceMs !== null;
        this.#stalledSinceMs = null;
        if (code === closeCodes.tooSlow && !stalled && this.#watches)
          this.#complain('closed as too slow though it reads', 'LEDGER-8');
        if (!this.#over) clock.after(chance.between(100, 3_000), () => this.#connect());
      },
    });
    this.#ping(this.#socket);
    this.#stallSometimes(this.#socket);
  }

  #ping(socket: SimulatedSocket): void {
    const { clock, host, ledger } = this.#stage;
    clock.after(PING_EVERY_MS, () => {
      if (this.#socket !== socket) return;
      if (this.#stalledSinceMs === null) socket.say('ping');
      else {
        const sinceMs = Math.max(this.#stalledSinceMs, host.lastLostAtMs);
        const late = clock.nowMs - sinceMs > STALL_NOTICED_MS;
        if (late && ledger.model.end === null)
          this.#complain('left stuck behind what it does not read', 'LEDGER-8');
      }
      if (this.#watches) this.#ping(socket);
    });
  }

  /** A tab that was put to sleep: the socket stands and nothing is read. */
  #stallSometimes(socket: SimulatedSocket): void {
    const { clock, chance, weather } = this.#stage;
    const stalls = chance.happens(weather.monitorStalls);
    clock.after(chance.between(500, 60_000), () => {
      if (stalls && this.#socket === socket && !this.#over) this.#stalledSinceMs = clock.nowMs;
    });
  }

  #heard(message: MonitorDown): void {
    if (this.#stalledSinceMs !== null) return;
    switch (message.type) {
      case 'hello':
        return this.#greeted(message);
      case 'reset':
        if (message.reason !== this.#expectsReset) this.#complain(`reset for ${message.reason} without need`);
        this.#expectsReset = null;
        this.events.length = 0;
        return;
      case 'events':
        if (this.#expectsReset !== null) this.#complain(`not told of ${this.#expectsReset}`);
        for (const event of message.events) {
          const next = this.events.length + 1;
          if (event.seq !== next) this.#complain(`expected event ${next} and got ${event.seq}`);
          this.events.push(event);
        }
    }
  }

  /** Words still being spoken are shown as they stand: none that is finished, one a speaker, none after the end. */
  #greeted({ head, interims, activity }: Extract<MonitorDown, { type: 'hello' }>): void {
    const { model } = this.#stage.ledger;
    const finished = new Set(model.words.flatMap((each) => (each.seq <= head ? [each.utteranceId] : [])));
    if (interims.some((each) => finished.has(each.utteranceId)))
      this.#complain('shown finished words as unfinished');
    if (new Set(interims.map((each) => each.speaker)).size < interims.length) {
      this.#complain('shown two unfinished utterances of one speaker');
    }
    const over = model.end !== null && model.end.seq <= head;
    if (over && (interims.length > 0 || activity !== null))
      this.#complain('shown a call that ended as still speaking');
  }

  #complain(what: string, rule = 'LEDGER-2'): void {
    this.#stage.complain(rule, `a monitor was ${what}`.replace('was expected', 'expected'));
  }

  #cutSometimes(): void {
    const { clock, chance, weather } = this.#stage;
    if (weather.monitorCutsPerMinute === 0) return;
    clock.after(chance.between(500, Math.round(120_000 / weather.monitorCutsPerMinute)), () => {
      if (!this.#watches) return;
      this.#socket?.cut();
      this.#cutSometimes();
    });
  }
}
