import { AudioFrame, AudioSource, LocalAudioTrack, Room, TrackPublishOptions, TrackSource } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';

const RATE_HZ = 48_000;
const FRAME = RATE_HZ / 50;
/** What waits to be sent: the tone is heard so much later at most. */
const QUEUE_MS = 60;
const LEVEL = 9_000;

/** Somebody in a room who is silent, and then hums. */
export interface Voice {
  /** @returns when, epoch ms */
  speak(): number;
  leave(): Promise<void>;
}

export async function enterWithTone(seat: {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly room: string;
  readonly identity: string;
  readonly pitchHz: number;
}): Promise<Voice> {
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
  let over = false;
  let at = 0;
  const hum = async (): Promise<void> => {
    while (!over) {
      const samples = Int16Array.from({ length: FRAME }, (_, i) =>
        speaking ? Math.round(LEVEL * Math.sin((2 * Math.PI * seat.pitchHz * (at + i)) / RATE_HZ)) : 0,
      );
      at += FRAME;
      await source.captureFrame(new AudioFrame(samples, RATE_HZ, 1, FRAME));
    }
  };
  void hum().catch(() => undefined);
  return {
    speak() {
      speaking = true;
      return Date.now();
    },
    async leave() {
      over = true;
      await room.disconnect();
    },
  };
}
