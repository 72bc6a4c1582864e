import type { Chance } from '../simulate/random.ts';
import type { VirtualClock } from '../simulate/virtual-clock.ts';
import type { Travel } from './sqlite-d1.ts';

/** How often what goes wrong in a history; 0: never. */
export interface Trouble {
  /** A request fails before anything was done. */
  readonly fails: number;
  /** It was done, and the answer is lost. */
  readonly loses: number;
  /** It takes seconds, and may be done though whoever asked is gone. */
  readonly slow: number;
  /** The object is taken away, before or after. */
  readonly evicts: number;
  /** A call's end is never told. */
  readonly forgets: number;
  /** It is told twice. */
  readonly repeats: number;
  /** A wake is lost. */
  readonly sleeps: number;
}

export const calm: Trouble = {
  fails: 0,
  loses: 0,
  slow: 0,
  evicts: 0,
  forgets: 0,
  repeats: 0,
  sleeps: 0,
};

export function someTrouble(chance: Chance): Trouble {
  const some = (most: number): number => (chance.happens(0.5) ? 0 : chance.next() * most);
  return {
    fails: some(0.06),
    loses: some(0.06),
    slow: some(0.05),
    evicts: some(0.06),
    forgets: some(0.3),
    repeats: some(0.3),
    sleeps: some(0.5),
  };
}

/** Of whoever asks: whether it is still there to hear the answer. */
export interface Life {
  gone: boolean;
}

function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // Nobody is there to hear of it.
  }
}

const never = new Promise<never>(() => undefined);

/** Requests of one life of an object, with all that can happen to them. `evict` takes the object away. */
export function travelOf(
  clock: VirtualClock,
  chance: Chance,
  trouble: () => Trouble,
  life: Life,
  evict: () => void,
): Travel {
  return (work) => {
    const { fails, loses, slow, evicts } = trouble();
    if (life.gone) return never;
    if (chance.happens(evicts / 2)) {
      evict();
      // What was sent arrives all the same, perhaps, and late.
      if (chance.happens(0.5)) clock.after(chance.delay(0, 40_000), () => attempt(work));
      return never;
    }
    const there = chance.happens(slow) ? chance.between(50, 20_000) : chance.delay(0, 30);
    const back = chance.happens(slow) ? chance.between(50, 20_000) : chance.delay(0, 30);
    return new Promise((resolve, reject) => {
      clock.after(there, () => {
        if (chance.happens(fails)) return answer(() => reject(new Error('D1 did nothing')));
        let result: ReturnType<typeof work>;
        try {
          result = work();
        } catch (error) {
          return answer(() => reject(error as Error));
        }
        if (chance.happens(evicts / 2)) return evict();
        if (chance.happens(loses)) return answer(() => reject(new Error('the answer was lost')));
        answer(() => resolve(result));
      });
      const answer = (say: () => void): void =>
        clock.after(back, () => {
          if (!life.gone) say();
        });
    });
  };
}
