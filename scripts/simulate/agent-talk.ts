import type { Observed } from '../../protocol/agent.ts';
import type { Observation } from '../../domain/call/input.ts';
import type { Interim } from '../../protocol/interim.ts';
import type { Chance } from './random.ts';
import type { Stage } from './stage.ts';

/** What the simulation knows of words beside what the agent says of them. */
export interface TrueWords {
  /** When they were begun, on the object's clock. */
  readonly startedAtMs: number;
  /** The agent's clock was set between its hello and now: nobody can know when they were begun. */
  readonly clockJumped: boolean;
}

/** What one agent has to report, on its own wrong clock, and what became of each report. */
export class AgentTalk {
  /** Not acknowledged yet: sent again after each reconnect. */
  readonly queue: Observed[] = [];
  readonly acked = new Map<string, Observation>();
  readonly refused: { readonly observation: Observation; readonly code: string }[] = [];
  readonly trueWords = new Map<string, TrueWords>();
  readonly #stage: Stage;
  readonly #chance: Chance;
  readonly #session: string;
  #skewMs: number;
  #jumped = false;
  #said = 0;
  #reported = 0;

  constructor(stage: Stage, chance: Chance, session: string) {
    this.#stage = stage;
    this.#chance = chance;
    this.#session = session;
    this.#skewMs = chance.between(-600_000, 600_000);
    const jumps = chance.happens(stage.weather.clockJumps);
    const afterMs = chance.delay(1_000, 60_000);
    const byMs = chance.between(-120_000, 120_000);
    if (jumps) {
      stage.clock.after(afterMs, () => {
        this.#skewMs += byMs;
        this.#jumped = true;
      });
    }
  }

  /** The agent's own clock, epoch ms. */
  get clockMs(): number {
    return this.#stage.clock.nowMs + this.#skewMs;
  }

  /** One more observation, queued. */
  next(): Observed {
    const each: Observed = {
      id: `${this.#session}/${++this.#reported}`,
      observation: this.#observation(),
    };
    this.queue.push(each);
    return each;
  }

  /** Takes an answer; true when it settled something that was still owed. */
  settle(id: string, code: 'ack' | string): boolean {
    const at = this.queue.findIndex((each) => each.id === id);
    const [settled] = at === -1 ? [] : this.queue.splice(at, 1);
    if (settled === undefined) return false;
    if (code === 'ack') this.acked.set(id, settled.observation);
    else this.refused.push({ observation: settled.observation, code });
    return true;
  }

  /** Words as they are being spoken, of the utterance that will come next. */
  interim(): Interim {
    const number = this.#said + 1;
    return {
      utteranceId: `${this.#session}:${number}`,
      speaker: speakerOf(number),
      text: 'wor',
      startedAtMs: Math.max(0, this.clockMs - 300),
    };
  }

  #observation(): Observation {
    const chance = this.#chance;
    const { customer, dialled, weather } = this.#stage;
    const blind = chance.happens(weather.agentBlind);
    if (!customer.present && chance.happens(0.3) && !blind) {
      return { type: 'sessionEnding', by: 'customer', reason: 'the customer hung up' };
    }
    const roll = chance.next();
    if (chance.happens(weather.agentErrs)) {
      return { type: 'sessionEnding', by: roll < 0.5 ? 'error' : 'drain', reason: 'the model failed' };
    }
    if (roll < 0.02 && !customer.stays) return { type: 'sessionEnding', by: 'agent', reason: 'said goodbye' };
    if (roll < 0.06) return { type: 'humanRequested', reason: 'asked for a person' };
    if (roll < 0.1) return { type: 'toolUsed', tool: 'calendar', succeeded: true, durationMs: 120 };
    if (roll < 0.2) return this.#measure();
    if (roll < 0.3) return this.#usage();
    if (dialled && roll < 0.33) return { type: 'doNotCallRequested' };
    if (dialled && roll < 0.36) return this.#verdict();
    return this.#words();
  }

  #verdict(): Observation {
    const verdict = this.#chance.pick(['human', 'machine', 'unsure'] as const);
    return { type: 'answeredBy', verdict, confidence: 0.7, method: 'length', afterMs: 5_000 };
  }

  #words(): Observation {
    const chance = this.#chance;
    const nowMs = this.#stage.clock.nowMs;
    const number = ++this.#said;
    const utteranceId = `${this.#session}:${number}`;
    // Both sides often begin in the same moment: their order is then the ledger's.
    const lastedMs = chance.happens(0.3) ? nowMs % 10_000 : chance.between(200, 9_000);
    this.trueWords.set(utteranceId, { startedAtMs: nowMs - lastedMs, clockJumped: this.#jumped });
    return {
      type: 'wordsSpoken',
      utteranceId,
      speaker: speakerOf(number),
      text: `words ${number}`,
      startedAtMs: Math.max(0, this.clockMs - lastedMs),
      endedAtMs: Math.max(1, this.clockMs),
      interrupted: chance.happens(0.1),
    };
  }

  #measure(): Observation {
    const totalMs = this.#chance.between(300, 2_000);
    const turnId = `turn-${this.#session}-${this.#reported}`;
    return { type: 'turnMeasured', turnId, endOfTurnMs: 100, sttMs: null, llmMs: 200, ttsMs: 80, totalMs };
  }

  #usage(): Observation {
    const count = (): number => this.#chance.between(0, 500);
    return {
      type: 'usageReported',
      sttAudioMs: count(),
      llmInputTokens: count(),
      llmOutputTokens: count(),
      ttsCharacters: count(),
      ttsAudioMs: count(),
    };
  }
}

const speakerOf = (number: number): 'customer' | 'agent' => (number % 2 === 0 ? 'customer' : 'agent');
