import type { CallState } from '../../../../domain/call/state.ts';

export type Turn = CallState['turns'][number];

export const replyParts = [
  { key: 'endOfTurnMs', short: 'turn', name: 'End of turn' },
  { key: 'sttMs', short: 'stt', name: 'Speech to text' },
  { key: 'llmMs', short: 'llm', name: 'Model' },
  { key: 'ttsMs', short: 'tts', name: 'Voice' },
] as const;
type Part = (typeof replyParts)[number];

export interface MeasuredPart {
  readonly key: Part['key'];
  readonly short: Part['short'];
  readonly name: string;
  readonly ms: number;
}

/** The parts of one reply as they were measured; what was not is left out. */
export const measuredParts = (turn: Turn): readonly MeasuredPart[] =>
  replyParts.flatMap((part) => {
    const ms = turn[part.key];
    return ms === null ? [] : [{ ...part, ms }];
  });

/**
 * The same parts end to end, as a bar shows them. The recogniser works while the end of the turn is awaited, so its
 * time is inside that wait and must not be drawn twice.
 */
export function barParts(turn: Turn): readonly MeasuredPart[] {
  const hidden = turn.endOfTurnMs === null ? 0 : Math.min(turn.endOfTurnMs, turn.sttMs ?? 0);
  return measuredParts(turn)
    .map((part) => (part.key === 'endOfTurnMs' ? { ...part, ms: part.ms - hidden } : part))
    .filter((part) => part.ms > 0);
}

/** What a full bar stands for: the slowest reply, so that all bars are to one scale. */
export const slowestMs = (turns: readonly Turn[]): number =>
  turns.reduce(
    (slowest, turn) =>
      Math.max(
        slowest,
        turn.totalMs,
        barParts(turn).reduce((sum, part) => sum + part.ms, 0),
      ),
    1,
  );
