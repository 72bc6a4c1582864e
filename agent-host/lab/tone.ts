import { MICROPHONE_RATE_HZ } from './microphone.ts';

const PITCH_HZ = 1_000;
/** Of 32,767: as loud as a customer. */
const LEVEL = 5_000;

/** A mailbox's beep of `forMs`. */
export function tone(forMs: number): Int16Array {
  const samples = new Int16Array(Math.round((forMs * MICROPHONE_RATE_HZ) / 1000));
  return samples.map((_none, at) =>
    Math.round(LEVEL * Math.sin((2 * Math.PI * PITCH_HZ * at) / MICROPHONE_RATE_HZ)),
  );
}
