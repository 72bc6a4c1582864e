import { AudioSource, LocalAudioTrack, Room, TrackPublishOptions, TrackSource } from '@livekit/rtc-node';
import type { Announcement } from '../../protocol/fleet.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { errorName } from './log.ts';
import { hostVoice } from './models/call-models.ts';

const SOUND_RATE_HZ = 24_000;
/** The caller's line must be open to the voice before the first word. */
const LEAD_IN_MS = 300;
/** The call ends 15 s after the promise. */
const SAID_WITHIN_MS = 15_000;

/**
 * Says one sentence to a caller nobody can take, from this process: no seat and no job are needed for it (DISPATCH-8).
 * Never throws: the call ends by its own deadline whether or not it was heard.
 */
export async function sayOnce(
  announcement: Announcement,
  config: Pick<Config, 'speech' | 'models'>,
  log: Log,
): Promise<void> {
  const room = new Room();
  try {
    await room.connect(announcement.url, announcement.token, { autoSubscribe: false, dynacast: false });
    const source = new AudioSource(SOUND_RATE_HZ, 1);
    const options = new TrackPublishOptions();
    options.source = TrackSource.SOURCE_MICROPHONE;
    await room.localParticipant?.publishTrack(
      LocalAudioTrack.createAudioTrack('announcement', source),
      options,
    );
    await new Promise((resolve) => setTimeout(resolve, LEAD_IN_MS));
    const voice = await hostVoice(config, log);
    for await (const frame of voice.speak(announcement.sentence, AbortSignal.timeout(SAID_WITHIN_MS))) {
      await source.captureFrame(frame);
    }
    await source.waitForPlayout();
    log.info('announced to a caller nobody could take', { callId: announcement.callId });
  } catch (error) {
    log.warn('a caller nobody could take heard nothing', {
      callId: announcement.callId,
      name: errorName(error),
    });
  } finally {
    await room.disconnect().catch(() => undefined);
  }
}
