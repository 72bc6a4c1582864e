import { AudioStream, Room, RoomEvent, TrackKind } from '@livekit/rtc-node';
import type { RemoteTrack } from '@livekit/rtc-node';

/** Speech, not comfort noise: root mean square of 16-bit samples. */
const LOUD = 200;
const FRAME_MS = 20;

/** Joins and listens without a word until the room is closed or time is up. @returns how long it heard a voice, ms. */
export async function waitAndListen(join: { url: string; token: string; forMs: number }): Promise<number> {
  const room = new Room();
  let heardMs = 0;
  const listen = async (track: RemoteTrack): Promise<void> => {
    for await (const { data } of new AudioStream(track, {
      sampleRate: 16_000,
      numChannels: 1,
      frameSizeMs: FRAME_MS,
    })) {
      let energy = 0;
      for (const sample of data) energy += sample * sample;
      if (Math.sqrt(energy / data.length) > LOUD) heardMs += FRAME_MS;
    }
  };
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind === TrackKind.KIND_AUDIO) void listen(track);
  });
  const closed = new Promise<void>((resolve) => room.once(RoomEvent.Disconnected, () => resolve()));
  await room.connect(join.url, join.token, { autoSubscribe: true, dynacast: false });
  await Promise.race([closed, new Promise<void>((resolve) => setTimeout(resolve, join.forMs).unref())]);
  await room.disconnect().catch(() => undefined);
  return heardMs;
}
