import { seatOf } from '../../../../domain/call/identity.ts';
import type { Speaker } from '../../../../domain/call/fact.ts';
import type { Supervision } from '../../../../domain/call/supervision.ts';
import { speakerLabel } from '../call/transcript.ts';

/** Somebody whose sound is here. */
export interface Heard {
  readonly identity: string;
  readonly speaker: Speaker;
  /** 0 to 1; 0 is mute. */
  readonly volume: number;
}

/** Whose voice it is: who is neither customer nor agent is a person of ours. */
export function speakerOf(identity: string): Speaker {
  const seat = seatOf(identity);
  return seat === 'customer' || seat === 'agent' ? seat : 'operator';
}

/** A colleague is called by name. */
export function heardLabel(heard: Pick<Heard, 'identity' | 'speaker'>, supervision: Supervision): string {
  if (heard.speaker !== 'operator') return speakerLabel[heard.speaker];
  return supervision.seats.find((seat) => seat.identity === heard.identity)?.byName ?? speakerLabel.operator;
}

/** How loud a stretch of samples is, 0 to 1 on a scale an eye finds even: −60 dB is nothing, −10 dB is full. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  const decibels = 20 * Math.log10(Math.max(rms, 1e-6));
  return Math.min(1, Math.max(0, (decibels + 60) / 50));
}
