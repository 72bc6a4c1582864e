import type { Participant } from '../../../domain/call/input.ts';
import type { Life } from '../outside-world.ts';
import type { Complain } from '../stage.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { DISPATCH_TRIES, EFFECT_TRIES } from './limits.ts';

/** One request of the object to the outside. */
export interface Asked {
  readonly life: Life;
  readonly name: string;
  /** Host, identity or metadata: with the name it tells one effect from another. */
  readonly subject: string;
  readonly atMs: number;
  doneAtMs: number | null;
}

/** Owed once in a call's life, so that each failure of theirs is another try of the same effect. */
const owedOnce: ReadonlySet<string> = new Set([
  'createRoom',
  'closeRoom',
  'dispatch',
  'removeParticipant',
  'notify',
]);
/** Never twice at a time: one effect, or one that coalesces. */
const oneAtATime: ReadonlySet<string> = new Set([...owedOnce, 'project', 'archive']);

/** Looks on while effects are carried out: not twice at once, not too often, not too soon (EFFECT-2, DISPATCH-1). */
export class EffectJudge {
  readonly #clock: VirtualClock;
  readonly #complain: Complain;
  readonly #log: Asked[] = [];
  readonly #underWay = new Set<Asked>();
  readonly #failures = new Map<string, { count: number; atMs: number; disk: number }>();
  /** How often the disk failed: then a try may have failed there, and its count is not known any more. */
  storageFailures: () => number = () => 0;
  readonly #last = new Map<string, number>();
  /** The last answer to `chooseHost` that reached the object. */
  choice: { readonly hostId: string | null; readonly atMs: number } | null = null;
  /** Dispatches asked for since the last look at them. */
  dispatches: Asked[] = [];
  /** The last list of customers that reached the object. */
  list: {
    readonly askedAtMs: number;
    readonly atMs: number;
    readonly connections: readonly string[];
  } | null = null;

  constructor(clock: VirtualClock, complain: Complain) {
    this.#clock = clock;
    this.#complain = complain;
  }

  asked(life: Life, name: string, subject: string): Asked {
    const nowMs = this.#clock.nowMs;
    const asked: Asked = { life, name, subject, atMs: nowMs, doneAtMs: null };
    for (const each of this.#underWay) {
      if (each.life !== life || each.name !== name || each.subject !== subject || !oneAtATime.has(name))
        continue;
      this.#complain('EFFECT-1', `${name} is under way twice`);
    }
    const failed = this.#failures.get(`${name} ${subject}`);
    if (failed !== undefined && failed.disk === this.storageFailures() && owedOnce.has(name)) {
      const tries = name === 'dispatch' ? DISPATCH_TRIES : EFFECT_TRIES;
      if (failed.count >= tries)
        this.#complain('EFFECT-2', `${name} is tried for the ${failed.count + 1}th time`);
      const leastMs = Math.min(30_000, 125 * 2 ** (failed.count - 1));
      if (nowMs - failed.atMs < leastMs) this.#complain('EFFECT-2', `${name} is tried again too soon`);
    }
    if (
      name === 'dispatch' &&
      !this.wasDone('createRoom', '', 0) &&
      this.#triesOf('createRoom') < EFFECT_TRIES
    ) {
      this.#complain('EFFECT-1', 'a dispatch was placed before the room stood');
    }
    this.#underWay.add(asked);
    this.#log.push(asked);
    this.#last.set(name, nowMs);
    if (name === 'dispatch') this.dispatches.push(asked);
    return asked;
  }

  /** It took effect, whether or not the object will hear of it. */
  done(asked: Asked): void {
    asked.doneAtMs = this.#clock.nowMs;
  }

  answered(asked: Asked, ok: boolean, result: unknown): void {
    this.#underWay.delete(asked);
    const nowMs = this.#clock.nowMs;
    const key = `${asked.name} ${asked.subject}`;
    if (!ok) {
      const before = this.#failures.get(key);
      const disk = before?.disk ?? this.storageFailures();
      this.#failures.set(key, { count: (before?.count ?? 0) + 1, atMs: nowMs, disk });
    }
    if (!ok) return;
    if (asked.name === 'chooseHost') {
      this.choice = { hostId: (result as { hostId: string } | null)?.hostId ?? null, atMs: nowMs };
    } else if (asked.name === 'customersIn') {
      const connections = (result as Participant[]).map((each) => each.connection);
      this.list = { askedAtMs: asked.atMs, atMs: nowMs, connections };
    }
  }

  /** A person asked for what was given up: its tries count anew. */
  personAsked(): void {
    this.#failures.clear();
  }

  /** When this was last asked for; null: never. */
  lastAskedAtMs(name: string): number | null {
    return this.#last.get(name) ?? null;
  }

  wasAsked(name: string, subject: string, sinceMs: number): boolean {
    return this.#log.some((each) => each.name === name && each.subject === subject && each.atMs >= sinceMs);
  }

  wasDone(name: string, subject: string, sinceMs: number): boolean {
    return this.#log.some(
      (each) =>
        each.name === name && each.subject === subject && each.doneAtMs !== null && each.doneAtMs >= sinceMs,
    );
  }

  #triesOf(name: string): number {
    return this.#failures.get(`${name} `)?.count ?? 0;
  }

  /** Failed dispatches of one offer, as the object heard of them. */
  failedDispatches(offer: number): number {
    let count = 0;
    for (const [key, failed] of this.#failures) {
      if (key.startsWith('dispatch ') && key.includes(`"offer":${offer},`))
        count = Math.max(count, failed.count);
    }
    return count;
  }
}
