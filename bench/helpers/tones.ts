import type { Voice } from '../../tests/e2e/tone-voice.ts';
import { enterWithTone } from '../../tests/e2e/tone-voice.ts';
import { serve } from './helper.ts';

const voices: Voice[] = [];

const handlers = {
  /** Somebody enters the room and hums. */
  enter: async (seat: Parameters<typeof enterWithTone>[0]): Promise<null> => {
    const voice = await enterWithTone(seat);
    await voice.speak();
    voices.push(voice);
    return null;
  },
};
export type Tones = typeof handlers;
serve(handlers);
