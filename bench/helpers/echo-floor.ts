import { setTimeout as sleep } from 'node:timers/promises';
import '../../agent-host/lab/quiet-livekit.ts';
import { Room } from '@livekit/rtc-node';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { Ears } from '../../agent-host/lab/ears.ts';
import { Microphone } from '../../agent-host/lab/microphone.ts';
import { tone } from '../../agent-host/lab/tone.ts';

export interface MediaAccess {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

const TONE_MS = 200;
/** Longer than the ears take a pause for a breath. */
const BETWEEN_MS = 900;
const ANSWER_WITHIN_MS = 3_000;

/**
 * What nobody who answers through this media server can be faster than: one beeps, the other beeps when it hears that. Both ways of
 * the sound, ms; what the answering microphone still has in its queue is nobody's way and left out.
 */
export async function echoFloor(
  media: MediaAccess,
  times: number,
  scope: AsyncDisposableStack,
): Promise<number[]> {
  const room = `bench-echo-${Date.now()}`;
  const rooms = new RoomServiceClient(media.url.replace(/^ws/, 'http'), media.apiKey, media.apiSecret);
  await rooms.createRoom({ name: room, emptyTimeout: 60 });
  const join = async (identity: string, onStart: (atMs: number) => void) => {
    const token = new AccessToken(media.apiKey, media.apiSecret, { identity, ttl: 300 });
    token.addGrant({ roomJoin: true, room, canPublish: true, canSubscribe: true });
    const seat = new Room();
    const ears = new Ears(seat, onStart);
    const microphone = new Microphone();
    await seat.connect(media.url, await token.toJwt(), { autoSubscribe: true, dynacast: false });
    await microphone.publish(seat);
    scope.defer(async () => {
      ears.close();
      await microphone.close();
      await seat.disconnect().catch(() => undefined);
    });
    return { ears, microphone };
  };
  const beep = { samples: tone(TONE_MS), words: [] };
  const echo: { answer: (heardAtMs: number) => void } = { answer: () => undefined };
  const answering = await join('echo', (atMs) => echo.answer(atMs));
  let heldMs = 0;
  echo.answer = (heardAtMs) => {
    void answering.microphone.say(beep).then(({ startedAtMs }) => (heldMs = startedAtMs - heardAtMs));
  };
  const asking = await join('asker', () => undefined);
  // Tracks are subscribed to in their own time.
  await sleep(2_000);
  const measured: number[] = [];
  for (let each = 0; each < times; each++) {
    const { startedAtMs } = await asking.microphone.say(beep);
    const untilMs = Date.now() + ANSWER_WITHIN_MS;
    while (asking.ears.startedSince(startedAtMs) === undefined && Date.now() < untilMs) await sleep(10);
    const heardAtMs = asking.ears.startedSince(startedAtMs);
    // The answer was said to its end by then, and its beginning is known.
    await sleep(BETWEEN_MS);
    if (heardAtMs !== undefined) measured.push(heardAtMs - startedAtMs - heldMs);
  }
  return measured;
}
