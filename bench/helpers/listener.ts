import { AudioStream, Room, RoomEvent, TrackKind } from '@livekit/rtc-node';
import { serve } from './helper.ts';

let samples = 0;

const handlers = {
  /** Hears everybody as the recorder does, and keeps nothing. */
  join: async ({ url, token }: { url: string; token: string }): Promise<null> => {
    const room = new Room();
    room.on(RoomEvent.TrackSubscribed, (track) => {
      if (track.kind !== TrackKind.KIND_AUDIO) return;
      void (async () => {
        const stream = new AudioStream(track, { sampleRate: 24_000, numChannels: 1, frameSizeMs: 40 });
        for await (const frame of stream) samples += frame.data.length;
      })();
    });
    await room.connect(url, token, { autoSubscribe: true, dynacast: false });
    return null;
  },
  heard: (_order: null): number => samples,
};
export type Listener = typeof handlers;
serve(handlers);
