import type { CallOutcome } from './one-call.ts';
import { simulateCall } from './one-call.ts';
import type { WeatherKind } from './weather.ts';
import { weatherKinds } from './weather.ts';

export interface Smallest {
  readonly without: readonly WeatherKind[];
  readonly outcome: CallOutcome;
}

/** Switches off one kind of weather after another as long as the same rule is still broken under the same seed. */
export function shrink(seed: number): Smallest {
  let outcome = simulateCall(seed);
  const rule = outcome.violation?.rule;
  let without: WeatherKind[] = weatherKinds.filter((kind) => outcome.weather[kind] === 0);
  for (let smaller = true; smaller;) {
    smaller = false;
    for (const kind of weatherKinds) {
      if (without.includes(kind)) continue;
      const tried = simulateCall(seed, { without: new Set([...without, kind]) });
      if (tried.violation === null || tried.violation.rule !== rule) continue;
      without = [...without, kind];
      outcome = tried;
      smaller = true;
    }
  }
  return { without, outcome: simulateCall(seed, { without: new Set(without), story: true }) };
}
