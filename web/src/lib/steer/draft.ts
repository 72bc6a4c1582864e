import { ORDER_LENGTH } from '../../../../protocol/supervision.ts';
import type { Asked } from './orders.svelte.ts';

/** Why these words would be refused; null when they would not, or there are none. Nothing is ever cut. */
export function draftProblem(text: string): string | null {
  const words = text.trim();
  if (words.length > ORDER_LENGTH) return `${words.length - ORDER_LENGTH} characters too many.`;
  // What the contract refuses: control characters belong to nobody's speech.
  return /[\u0000-\u0008\u000b-\u001f\u007f]/.test(words)
    ? 'There are characters in it that nobody can say.'
    : null;
}

/** What became of an order of this page's own, with the time from the click to its effect. */
export function askedWords(asked: Asked): string {
  const what = {
    whisper: 'Whisper',
    say: 'Words',
    takeOver: 'Taking over',
    handBack: 'Handing back',
    pauseRecording: 'Pausing',
    resumeRecording: 'Resuming',
  }[asked.order.kind];
  const after = asked.effectMs === null ? '' : ` ${Math.round(asked.effectMs)} ms after your click`;
  switch (asked.outcome) {
    case 'asking':
      return `${what}: on its way`;
    case 'standing':
      return `${what}: written down, not followed yet`;
    case 'refused':
      return `${what}: refused`;
    case 'done':
      return `${what}: followed${after}`;
    case 'failed':
      return `${what}: failed${after}`;
  }
}
