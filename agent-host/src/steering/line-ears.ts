import type { RemoteParticipant, RemoteTrack, RemoteTrackPublication, Room } from '@livekit/rtc-node';
import { RoomEvent, TrackSource } from '@livekit/rtc-node';
import type { stt } from '@livekit/agents';
import type { Speaker, WordsSpoken } from '../../../domain/call/fact.ts';
import { isOperator } from '../../../domain/call/identity.ts';
import { CustomerWords } from '../customer-words.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observe.ts';
import { Ear } from './ear.ts';

/** A sentence that is being spoken as the line is given back may still be understood, ms. */
const LAST_WORDS_MS = 1_500;

export interface LineEarsOptions {
  readonly room: Room;
  readonly customer: string;
  /** Makes a recogniser of the call's own kind. */
  readonly recogniser: () => stt.STT;
  readonly observer: Pick<Observer, 'observe' | 'interim'>;
  readonly log: Log;
}

/** Hears the customer and whoever holds the line while the agent is deaf, so that the ledger has no hole (STEER-5). */
export class LineEars {
  readonly #options: LineEarsOptions;
  readonly #ears = new Map<RemoteTrack, Ear>();
  #words: WordsSpoken[] = [];
  #recogniser: stt.STT | null = null;

  constructor(options: LineEarsOptions) {
    this.#options = options;
  }

  open(): void {
    if (this.#recogniser !== null) return;
    const { room, recogniser } = this.#options;
    this.#words = [];
    this.#recogniser = recogniser();
    room.on(RoomEvent.TrackSubscribed, this.#subscribed);
    room.on(RoomEvent.TrackUnsubscribed, this.#unsubscribed);
    for (const participant of room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) {
        if (publication.track !== undefined) this.#subscribed(publication.track, publication, participant);
      }
    }
  }

  /** What was said meanwhile, in speaking order. */
  async close(): Promise<readonly WordsSpoken[]> {
    const { room } = this.#options;
    room.off(RoomEvent.TrackSubscribed, this.#subscribed);
    room.off(RoomEvent.TrackUnsubscribed, this.#unsubscribed);
    const ears = [...this.#ears.values()];
    this.#ears.clear();
    await Promise.all(ears.map((ear) => ear.close(LAST_WORDS_MS)));
    await this.#recogniser?.close().catch(() => undefined);
    this.#recogniser = null;
    return this.#words.splice(0).sort((a, b) => a.startedAtMs - b.startedAtMs);
  }

  readonly #subscribed = (
    track: RemoteTrack,
    publication: RemoteTrackPublication,
    { identity }: RemoteParticipant,
  ): void => {
    const { customer, log } = this.#options;
    const speaker = identity === customer ? 'customer' : isOperator(identity) ? 'operator' : null;
    const isMicrophone = publication.source === TrackSource.SOURCE_MICROPHONE;
    if (speaker === null || !isMicrophone || this.#recogniser === null || this.#ears.has(track)) return;
    this.#ears.set(track, new Ear(track, this.#recogniser, this.#heardFrom(speaker), log));
  };

  readonly #unsubscribed = (track: RemoteTrack): void => {
    void this.#ears.get(track)?.close(0);
    this.#ears.delete(track);
  };

  #heardFrom(speaker: Speaker): CustomerWords {
    const { observer } = this.#options;
    return new CustomerWords(
      (interim) => observer.interim(interim),
      (words) => {
        this.#words.push(words);
        observer.observe(words);
      },
      speaker,
    );
  }
}
