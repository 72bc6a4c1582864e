import type { metrics as frameworkMetrics } from '@livekit/agents';
import type { TurnMeasured } from '../../domain/call/fact.ts';

/** A voice that reports its time to first byte only after the sentence may still be waited for this long. */
export const VOICE_METRIC_PATIENCE_MS = 1_500;

interface Turn {
  readonly speechId: string;
  /** End of the customer's speech as the VAD places it, epoch ms. */
  readonly speechEndedAtMs: number;
  readonly endOfTurnMs: number;
  readonly sttMs: number;
  /** The agent's first sound, epoch ms; null until then. */
  firstSoundAtMs: number | null;
}

/**
 * Puts the parts of one exchange's delay together. The parts arrive apart: the model's may come before the turn is
 * decided (it starts early), the voice's after the first sound. They share the id of the agent's speech.
 */
export class TurnTiming {
  readonly #report: (turn: TurnMeasured) => void;
  /** Time to first token and first byte by speech id; the first of each counts, a turn with tools has several. */
  readonly #llmMs = new Map<string, number>();
  readonly #ttsMs = new Map<string, number>();
  #turn: Turn | null = null;
  #patience: NodeJS.Timeout | undefined;

  constructor(report: (turn: TurnMeasured) => void) {
    this.#report = report;
  }

  metered(metrics: frameworkMetrics.AgentMetrics): void {
    switch (metrics.type) {
      case 'eou_metrics':
        this.#endOfTurn(metrics);
        return;
      case 'llm_metrics':
        keepFirst(this.#llmMs, metrics.speechId, metrics.ttftMs);
        return;
      case 'tts_metrics':
        keepFirst(this.#ttsMs, metrics.speechId, metrics.ttfbMs);
        if (this.#turn?.firstSoundAtMs !== null && this.#turn?.speechId === metrics.speechId) this.finish();
    }
  }

  /** The agent's voice is heard. Greetings and other speech that answers nobody are no turn. */
  agentSpeaks(atMs: number): void {
    if (this.#turn === null || this.#turn.firstSoundAtMs !== null) return;
    this.#turn.firstSoundAtMs = atMs;
    if (this.#ttsMs.has(this.#turn.speechId)) this.finish();
    else this.#patience = setTimeout(() => this.finish(), VOICE_METRIC_PATIENCE_MS);
  }

  /** Reports the turn as far as it is measured. One that was never answered is not reported. */
  finish(): void {
    clearTimeout(this.#patience);
    const turn = this.#turn;
    this.#turn = null;
    if (turn === null || turn.firstSoundAtMs === null) return;
    this.#report({
      type: 'turnMeasured',
      turnId: turn.speechId,
      endOfTurnMs: duration(turn.endOfTurnMs),
      sttMs: duration(turn.sttMs),
      llmMs: duration(this.#llmMs.get(turn.speechId)),
      ttsMs: duration(this.#ttsMs.get(turn.speechId)),
      totalMs: Math.max(0, Math.round(turn.firstSoundAtMs - turn.speechEndedAtMs)),
    });
    this.#llmMs.delete(turn.speechId);
    this.#ttsMs.delete(turn.speechId);
  }

  #endOfTurn(metrics: frameworkMetrics.EOUMetrics): void {
    this.finish();
    // The framework says 0 when the end of speech was not detected: then there is nothing to measure from.
    if (metrics.lastSpeakingTimeMs <= 0 || metrics.speechId === undefined) return;
    this.#turn = {
      speechId: metrics.speechId,
      speechEndedAtMs: metrics.lastSpeakingTimeMs,
      endOfTurnMs: metrics.endOfUtteranceDelayMs,
      sttMs: metrics.transcriptionDelayMs,
      firstSoundAtMs: null,
    };
  }
}

/** Speech that answers nobody, and early generation that was thrown away, leave entries nobody takes. */
const MAX_KEPT = 16;

function keepFirst(map: Map<string, number>, speechId: string | undefined, ms: number): void {
  // −1 stands for "nothing came": a cancelled or purely tool-calling request.
  if (speechId === undefined || ms < 0 || map.has(speechId)) return;
  map.set(speechId, ms);
  const oldest = map.keys().next();
  if (map.size > MAX_KEPT && !oldest.done) map.delete(oldest.value);
}

const duration = (ms: number | undefined): number | null =>
  ms === undefined || !Number.isFinite(ms) || ms < 0 ? null : Math.round(ms);
