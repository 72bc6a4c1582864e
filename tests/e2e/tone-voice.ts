import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';

const RATE_HZ = 48_000;
const FRAME = RATE_HZ / 50;
/** What waits to be sent: the tone is heard so much later at most. */
const QUEUE_MS = 60;
const LEVEL = 9_000;

/** Somebody in a room who is silent, and then hums. */
export interface Voice {
  /** @returns when the first sound was handed over to be sent, epoch ms */
  speak(): Promise<number>;
  leave(): Promise<void>;
}

interface Seat {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly room: string;
  readonly identity: string;
}

const EAR_FRAME_MS = 20;
const LOUD = 2_000;

/** Somebody in the room who hears the others as an agent does. */
export interface Ear {
  /** When this one was first heard to hum, epoch ms; null before. */
  heardAtMs(identity: string): number | null;
  leave(): Promise<void>;
}

export async function enterWithEar(seat: Seat): Promise<Ear> {
  const token = new AccessToken(seat.apiKey, seat.apiSecret, { identity: seat.identity, ttl: 60 });
  token.addGrant({ roomJoin: true, room: seat.room, canPublish: false, canSubscribe: true, hidden: true });
  const room = new Room();
  const heard = new Map<string, number>();
  room.on(RoomEvent.TrackSubscribed, (track, _publication, { identity }) => {
    if (track.kind !== TrackKind.KIND_AUDIO) return;
    void (async () => {
      for await (const { data } of new AudioStream(track, {
        ...{ sampleRate: 24_000, numChannels: 1, frameSizeMs: EAR_FRAME_MS },
      }))
        if (!heard.has(identity) && data.some((sample) => Math.abs(sample) > LOUD))
          heard.set(identity, Date.now() - EAR_FRAME_MS);
    })().catch(() => undefined);
  });
  await room.connect(seat.url, await token.toJwt(), { autoSubscribe: true, dynacast: false });
  return { heardAtMs: (identity) => heard.get(identity) ?? null, leave: () => room.disconnect() };
}

export async function enterWithTone(seat: Seat & { readonly pitchHz: number }): Promise<Voice> {
  const token = new AccessToken(seat.apiKey, seat.apiSecret, { identity: seat.identity, ttl: 60 });
  token.addGrant({ roomJoin: true, room: seat.room, canPublish: true, canSubscribe: false });
  const room = new Room();
  await room.connect(seat.url, await token.toJwt(), { autoSubscribe: false, dynacast: false });
  const source = new AudioSource(RATE_HZ, 1, QUEUE_MS);
  const options = new TrackPublishOptions();
  options.source = TrackSource.SOURCE_MICROPHONE;
  // Otherwise silence is not sent, and a tone may be taken for noise.
  options.dtx = false;
  const track = LocalAudioTrack.createAudioTrack('tone', source);
  await room.localParticipant?.publishTrack(track, options);
  let speaking = false;
  let spoken = false;
  let over = false;
  let at = 0;
  let spoke: (atMs: number) => void = () => undefined;
  const hum = async (): Promise<void> => {
    while (!over) {
      const isFirst = speaking && !spoken;
      const samples = Int16Array.from({ length: FRAME }, (_, i) =>
        speaking ? Math.round(LEVEL * Math.sin((2 * Math.PI * seat.pitchHz * (at + i)) / RATE_HZ)) : 0,
      );
      at += FRAME;
      await source.captureFrame(new AudioFrame(samples, RATE_HZ, 1, FRAME));
      if (!isFirst) continue;
      spoken = true;
      spoke(Date.now());
    }
  };
  void hum().catch(() => undefined);
  return {
    speak() {
      speaking = true;
      return new Promise((resolve) => (spoke = resolve));
    },
    async leave() {
      over = true;
      await room.disconnect();
    },
  };
}
