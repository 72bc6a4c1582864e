import type { RemoteParticipant, RemoteTrack, RemoteTrackPublication } from '@livekit/rtc-node';
import { Room, RoomEvent } from '@livekit/rtc-node';
import type { stt } from '@livekit/agents';
import { AccessToken } from 'livekit-server-sdk';
import { randomUUID } from 'node:crypto';
import { seatOf, whisperRoomName } from '../../../domain/call/identity.ts';
import { ORDER_LENGTH } from '../../../protocol/supervision.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { errorName } from '../log.ts';
import type { Observer } from '../observe.ts';
import { Ear } from './ear.ts';

const TOKEN_S = 60;

export interface WhisperRoomOptions {
  readonly callId: string;
  readonly livekit: Config['livekit'];
  readonly recogniser: () => stt.STT;
  readonly observer: Pick<Observer, 'observe'>;
  readonly log: Log;
}

/**
 * Where supervisors speak to the agent alone: a room of its own, so that nothing of it can reach the call's (STEER-3). The
 * agent only listens there, as long as somebody sits there or may.
 */
export class WhisperRoom {
  readonly #options: WhisperRoomOptions;
  readonly #ears = new Map<RemoteTrack, Ear>();
  #room: Room | null = null;
  #wanted = false;
  /** One change after the other: whoever comes and goes quickly leaves the room as it was last wanted. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: WhisperRoomOptions) {
    this.#options = options;
  }

  set(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#work = this.#work
      .then(() => (this.#wanted ? this.#enter() : this.#leave()))
      .catch((error: unknown) =>
        this.#options.log.warn('the whisper room could not be entered', { name: errorName(error) }),
      );
  }

  close(): Promise<void> {
    this.set(false);
    return this.#work;
  }

  async #enter(): Promise<void> {
    if (this.#room !== null) return;
    const { livekit, callId, recogniser, observer, log } = this.#options;
    const room = new Room();
    const speech = recogniser();
    room.on(RoomEvent.ParticipantConnected, (each) => this.#tell('seatSeen', each));
    room.on(RoomEvent.ParticipantDisconnected, (each) => this.#tell('seatGone', each));
    room.on(
      RoomEvent.TrackSubscribed,
      (track: RemoteTrack, _publication: RemoteTrackPublication, { identity }: RemoteParticipant) => {
        if (seatOf(identity) !== 'supervisor') return;
        const understood = (text: string): void => {
          for (const whispered of whispersOf(text))
            observer.observe({
              type: 'voiceWhispered',
              whisperId: randomUUID(),
              identity,
              text: whispered,
            });
        };
        const nothing = (): void => undefined;
        const heard = { startedSpeaking: nothing, stoppedSpeaking: nothing, heard: nothing, understood };
        this.#ears.set(track, new Ear(track, speech, heard, log));
      },
    );
    room.on(RoomEvent.TrackUnsubscribed, (track: RemoteTrack) => {
      void this.#ears.get(track)?.close(0);
      this.#ears.delete(track);
    });
    room.on(RoomEvent.Disconnected, () => {
      // Closed or lost: the next news of a seat opens it again.
      if (this.#room === room) this.#room = null;
      this.#wanted &&= this.#room !== null;
    });
    this.#room = room;
    try {
      await room.connect(livekit.url, await listenerToken(livekit, callId), {
        autoSubscribe: true,
        dynacast: false,
      });
    } catch (error) {
      this.#room = null;
      this.#wanted = false;
      throw error;
    }
    for (const each of room.remoteParticipants.values()) this.#tell('seatSeen', each);
  }

  async #leave(): Promise<void> {
    const room = this.#room;
    this.#room = null;
    const ears = [...this.#ears.values()];
    this.#ears.clear();
    await Promise.all(ears.map((ear) => ear.close(0)));
    room?.removeAllListeners();
    await room?.disconnect().catch(() => undefined);
  }

  #tell(type: 'seatSeen' | 'seatGone', { identity, sid }: RemoteParticipant): void {
    if (seatOf(identity) !== 'supervisor' || sid === undefined) return;
    this.#options.observer.observe({ type, participant: { identity, connection: sid } });
  }
}

/** What was understood, in pieces that an order can hold. */
export function whispersOf(text: string): string[] {
  // Control characters are nobody's speech, and no order takes them.
  const words = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  const pieces: string[] = [];
  for (let from = 0; from < words.length; from += ORDER_LENGTH) {
    const piece = words.slice(from, from + ORDER_LENGTH).trim();
    if (piece !== '') pieces.push(piece);
  }
  return pieces;
}

function listenerToken({ apiKey, apiSecret }: Config['livekit'], callId: string): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, {
    identity: `agent-whisper-${randomUUID()}`,
    ttl: TOKEN_S,
  });
  token.addGrant({
    roomJoin: true,
    room: whisperRoomName(callId),
    canPublish: false,
    canPublishData: false,
    canSubscribe: true,
  });
  return token.toJwt();
}
