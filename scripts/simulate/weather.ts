import type { Chance } from './random.ts';

/** How hostile the world is. Each kind is a share of what goes wrong, or how often a minute; 0 is off. */
export interface Weather {
  readonly effectFails: number;
  readonly effectSucceedsButAnswerLost: number;
  /** Share of effects that take up to 3 s instead of some 10 ms. */
  readonly effectSlow: number;
  /** Share of effects whose answer comes after a minute: a service that is stuck, not down. */
  readonly effectHangs: number;
  /** Chance that a service is down for minutes, long enough to park what is owed to it. */
  readonly outage: number;
  /** How often a minute the customer's network drops it for a second or two. */
  readonly customerFlickersPerMinute: number;
  readonly webhookLost: number;
  readonly webhookRepeated: number;
  /** Dispatches to it reach nobody. */
  readonly hostIsGhost: number;
  /** A machine that vanishes with all its agents: its heartbeats just cease. */
  readonly hostDies: number;
  readonly hostDrains: number;
  readonly hostFails: number;
  /** Other calls take and leave seats; a share of them never says so. */
  readonly otherCalls: number;
  readonly linkCutsPerMinute: number;
  /** Share of lost links that stay down for many seconds. */
  readonly linkStaysDown: number;
  /** Share of lost links of which the object learns seconds later than the agent. */
  readonly closeHeardLate: number;
  readonly agentDies: number;
  readonly machineVanishes: number;
  readonly agentErrs: number;
  /** Agents that do not notice that their customer left. */
  readonly agentBlind: number;
  /** An agent's clock is set while it serves. */
  readonly clockJumps: number;
  readonly objectEvictsPerMinute: number;
  readonly objectAbortsPerMinute: number;
  /** Share of crashes that take the agents' machines along. */
  readonly crashTakesAgents: number;
  readonly monitorCutsPerMinute: number;
  /** Share of monitors' visits that end by not reading any more. */
  readonly monitorStalls: number;
  /** Share of monitors' visits that name another epoch or a number the ledger never reached. */
  readonly monitorMistaken: number;
  readonly storageFails: number;
}

export type WeatherKind = keyof Weather;

/** Most of each kind. */
const worst: Weather = {
  effectFails: 0.5,
  effectSucceedsButAnswerLost: 0.3,
  effectSlow: 0.3,
  effectHangs: 0.05,
  outage: 0.5,
  customerFlickersPerMinute: 10,
  webhookLost: 0.6,
  webhookRepeated: 0.5,
  hostIsGhost: 0.4,
  hostDies: 0.3,
  hostDrains: 0.3,
  hostFails: 0.4,
  otherCalls: 1,
  linkCutsPerMinute: 8,
  linkStaysDown: 0.4,
  closeHeardLate: 0.6,
  agentDies: 0.6,
  machineVanishes: 0.4,
  agentErrs: 0.25,
  agentBlind: 1,
  clockJumps: 0.5,
  objectEvictsPerMinute: 10,
  objectAbortsPerMinute: 5,
  crashTakesAgents: 0.4,
  monitorCutsPerMinute: 6,
  monitorStalls: 0.5,
  monitorMistaken: 0.3,
  storageFails: 0.02,
};

export const weatherKinds = Object.keys(worst) as WeatherKind[];

/** A tenth of all calls have a good day; else each kind is there or not, so that every mixture comes up. */
export function weatherFor(chance: Chance, without: ReadonlySet<string>): Weather {
  const goodDay = chance.happens(0.1);
  // Webhooks never configured, or blocked: the rules promise a call that ends all the same (LEDGER-4).
  const noWebhooks = chance.happens(0.15);
  const weather: { -readonly [kind in WeatherKind]: number } = { ...worst };
  for (const kind of weatherKinds) {
    const there = chance.happens(0.4);
    const much = chance.next() * worst[kind];
    weather[kind] = !there || goodDay || without.has(kind) ? 0 : much;
  }
  if (noWebhooks && !goodDay && !without.has('webhookLost')) weather.webhookLost = 1;
  return weather;
}
