import type * as LiveKit from 'livekit-client';
import type { RemoteTrack, Room } from 'livekit-client';
import { explain } from '../api/explain.ts';
import { takeSeat } from '../api/supervision.ts';
import { backoffMs } from '../live/backoff.ts';
import { isListening, overWhy, type Hearing } from './hearing.ts';
import { loadLiveKit, noMediaConnection } from './livekit.ts';
import { SoundOut } from './sound-out.ts';
import { speakerOf, type Heard } from './speakers.ts';

/** The media client has tried for itself before we take a new seat; after so many of those the listener is asked. */
const NEW_SEATS_BEFORE_GIVING_UP = 5;

type Tried = 'connected' | 'final' | 'tryAgain' | 'unwanted';

/** Owns one listener's seat from the click to the end: the room, the sound of each speaker, and whether anything is heard. */
export class Listening {
  readonly #callId: string;
  /** Seats of this page: nobody wants to hear themselves. */
  readonly #ownIdentity: () => string | null;
  readonly #sound = new SoundOut();
  #room: Room | null = null;
  /** Of the current wish to listen; an answer to an older one finds itself unwanted. */
  #wish: AbortController | null = null;
  #hearing = $state.raw<Hearing>({ kind: 'off' });
  #heard = $state.raw<readonly Heard[]>([]);
  #allMuted = $state(false);

  constructor(callId: string, ownIdentity: () => string | null) {
    this.#callId = callId;
    this.#ownIdentity = ownIdentity;
  }

  get hearing(): Hearing {
    return this.#hearing;
  }
  get heard(): readonly Heard[] {
    return this.#heard;
  }
  get allMuted(): boolean {
    return this.#allMuted;
  }

  /** Called by the click itself: only a gesture may unlock sound. */
  async start(): Promise<void> {
    if (isListening(this.#hearing)) return;
    this.#sound.unlock();
    const wish = (this.#wish = new AbortController());
    this.#hearing = { kind: 'connecting' };
    if ((await this.#tryOnce(wish.signal)) === 'tryAgain') await this.#comeBack(wish.signal);
  }

  stop(): void {
    this.#leave({ kind: 'off' });
  }

  /** The call is over: what is heard no more is nobody's failure. */
  callEnded(): void {
    if (isListening(this.#hearing)) this.#leave({ kind: 'over', why: 'callEnded' });
  }

  /** For good: the page is left. */
  close(): void {
    this.stop();
    this.#sound.close();
  }

  async unlock(): Promise<void> {
    this.#sound.unlock();
    await this.#room?.startAudio();
  }

  setVolume(identity: string, volume: number): void {
    this.#heard = this.#heard.map((each) => (each.identity === identity ? { ...each, volume } : each));
    this.#allMuted = false;
    this.#sound.mix(this.#heard, false);
  }

  muteAll(muted: boolean): void {
    this.#allMuted = muted;
    this.#sound.mix(this.#heard, muted);
  }

  /** 0 to 1, now. Not reactive: it is asked for at every frame. */
  levelOf(identity: string): number {
    return this.#sound.levelOf(identity);
  }

  async #tryOnce(wish: AbortSignal): Promise<Tried> {
    const [reply, livekit] = await Promise.all([
      takeSeat(this.#callId, 'listen'),
      loadLiveKit().catch(() => null),
    ]);
    if (wish.aborted) return 'unwanted';
    if (!reply.ok) {
      const { failure } = reply;
      if (failure.status === 0 || failure.status >= 500 || failure.status === 429) return 'tryAgain';
      this.#leave(
        failure.code === 'call_ended'
          ? { kind: 'over', why: 'callEnded' }
          : { kind: 'notHearing', explanation: explain('You do not hear the call.', failure) },
      );
      return 'final';
    }
    if (livekit === null) return 'tryAgain';
    const room = new livekit.Room();
    this.#follow(room, livekit.RoomEvent, wish);
    try {
      await room.connect(reply.value.url, reply.value.token);
    } catch {
      return wish.aborted ? 'unwanted' : 'tryAgain';
    }
    if (wish.aborted) {
      void room.disconnect();
      return 'unwanted';
    }
    this.#room = room;
    await room.startAudio().catch(() => undefined);
    this.#showPlayback(room);
    return 'connected';
  }

  #follow(room: Room, event: (typeof LiveKit)['RoomEvent'], wish: AbortSignal): void {
    const ours = (): boolean => !wish.aborted && this.#room === room;
    const lost = (): void => {
      if (ours() && this.#hearing.kind !== 'reconnecting')
        this.#hearing = { kind: 'reconnecting', sinceMs: Date.now() };
    };
    room
      .on(event.TrackSubscribed, (track, _, who) => {
        if (!wish.aborted) this.#hears(track, who.identity);
      })
      .on(event.TrackUnsubscribed, (track, _, who) => this.#hearsNoMore(track, who.identity))
      .on(event.AudioPlaybackStatusChanged, () => ours() && this.#showPlayback(room))
      .on(event.Reconnecting, lost)
      .on(event.SignalReconnecting, lost)
      .on(event.Reconnected, () => ours() && this.#showPlayback(room))
      .on(event.Disconnected, (reason) => {
        if (!ours()) return;
        this.#room = null;
        this.#silence();
        const why = overWhy(reason);
        if (why === null) void this.#comeBack(wish);
        else this.#leave({ kind: 'over', why });
      });
  }

  /** A new seat for each attempt: a token is good for two minutes only. */
  async #comeBack(wish: AbortSignal): Promise<void> {
    const sinceMs = this.#hearing.kind === 'reconnecting' ? this.#hearing.sinceMs : Date.now();
    for (let attempt = 0; attempt < NEW_SEATS_BEFORE_GIVING_UP; attempt++) {
      this.#hearing = { kind: 'reconnecting', sinceMs };
      await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, Math.random())));
      if (wish.aborted || (await this.#tryOnce(wish)) !== 'tryAgain') return;
    }
    if (!wish.aborted) this.#leave({ kind: 'notHearing', explanation: noMediaConnection });
  }

  #hears(track: RemoteTrack, identity: string): void {
    if (track.kind !== 'audio' || identity === this.#ownIdentity()) return;
    this.#sound.add(identity, track);
    if (!this.#heard.some((each) => each.identity === identity)) {
      this.#heard = [...this.#heard, { identity, speaker: speakerOf(identity), volume: 1 }];
    }
    this.#sound.mix(this.#heard, this.#allMuted);
  }

  #hearsNoMore(track: RemoteTrack, identity: string): void {
    if (!this.#sound.remove(identity, track)) return;
    this.#heard = this.#heard.filter((each) => each.identity !== identity);
  }

  #showPlayback(room: Room): void {
    this.#hearing = room.canPlaybackAudio ? { kind: 'hearing' } : { kind: 'blocked' };
  }

  #silence(): void {
    this.#sound.removeAll();
    this.#heard = [];
  }

  #leave(hearing: Hearing): void {
    this.#wish?.abort();
    this.#wish = null;
    const room = this.#room;
    this.#room = null;
    void room?.disconnect();
    this.#silence();
    this.#hearing = hearing;
  }
}
