import type { Room } from 'livekit-client';
import type { SeatKind } from '../../../../domain/call/supervision.ts';
import { explain, type Explanation } from '../api/explain.ts';
import { takeSeat } from '../api/supervision.ts';
import { loadLiveKit, noMediaConnection } from '../listen/livekit.ts';
import { microphoneTrouble } from '../talk/microphone.ts';
import { GatedMicrophone } from './gated-microphone.ts';

export type MouthState =
  | { readonly kind: 'off' }
  | { readonly kind: 'askingMicrophone' }
  | { readonly kind: 'connecting' }
  /** Published, and silent until the gate is opened. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'reconnecting' }
  | { readonly kind: 'failed'; readonly explanation: Explanation };

/** Owns a seat from which a supervisor can be heard: its room, the microphone, and the gate in front of it. */
export class Mouth {
  readonly #callId: string;
  readonly #seat: Exclude<SeatKind, 'listen'>;
  #room: Room | null = null;
  #microphone: GatedMicrophone | null = null;
  /** Of the current wish to sit; what an older one brings is unwanted. */
  #wish: AbortController | null = null;
  #state = $state.raw<MouthState>({ kind: 'off' });
  #identity = $state.raw<string | null>(null);
  #open = $state(false);
  #armed = $state(false);

  constructor(callId: string, seat: Exclude<SeatKind, 'listen'>) {
    this.#callId = callId;
    this.#seat = seat;
  }

  get state(): MouthState {
    return this.#state;
  }
  /** As which it sits; null while it does not. */
  get identity(): string | null {
    return this.#identity;
  }
  get open(): boolean {
    return this.#open;
  }
  /** The microphone's device is open. */
  get armed(): boolean {
    return this.#armed;
  }

  level(): number {
    return this.#microphone?.level() ?? 0;
  }

  /** Called by a gesture: microphone, seat, room, track, and the gate shut. @returns whether it is ready */
  async sit(): Promise<boolean> {
    if (this.#state.kind === 'ready') return this.#arm();
    if (this.#state.kind !== 'off' && this.#state.kind !== 'failed') return false;
    const wish = (this.#wish = new AbortController());
    this.#microphone = new GatedMicrophone(() => this.#microphoneLost());
    this.#state = { kind: 'askingMicrophone' };
    if (!(await this.#arm()) || wish.signal.aborted) return false;
    this.#state = { kind: 'connecting' };
    const [reply, livekit] = await Promise.all([
      takeSeat(this.#callId, this.#seat),
      loadLiveKit().catch(() => null),
    ]);
    if (wish.signal.aborted) return false;
    if (!reply.ok) return this.#fail(explain('You were not given a seat in the call.', reply.failure));
    if (livekit === null) return this.#fail({ ...noMediaConnection, requestId: null });
    const room = new livekit.Room();
    const ours = (): boolean => this.#room === room;
    room
      .on(livekit.RoomEvent.Reconnecting, () => ours() && (this.#state = { kind: 'reconnecting' }))
      .on(livekit.RoomEvent.Reconnected, () => ours() && (this.#state = { kind: 'ready' }))
      .on(livekit.RoomEvent.Disconnected, () => ours() && this.#lostRoom());
    try {
      // It only speaks: the ears are a seat of their own.
      await room.connect(reply.value.url, reply.value.token, { autoSubscribe: false });
      if (wish.signal.aborted) throw new Error('unwanted');
      this.#room = room;
      await room.localParticipant.publishTrack(this.#microphone.track, {
        source: livekit.Track.Source.Microphone,
        name: 'microphone',
        // A steady stream, silent or not: what opens later is heard at once.
        dtx: false,
        red: false,
        stopMicTrackOnMute: false,
      });
    } catch {
      void room.disconnect();
      return wish.signal.aborted ? false : this.#fail({ ...noMediaConnection, requestId: null });
    }
    if (wish.signal.aborted) return false;
    this.#identity = reply.value.identity;
    this.#state = { kind: 'ready' };
    return true;
  }

  /** Lets the microphone out, or shuts it in. */
  speak(open: boolean): void {
    if (this.#open === open) return;
    this.#microphone?.open(open);
    this.#open = open;
  }

  /** Gives the device back and keeps the seat. */
  rest(): void {
    this.speak(false);
    this.#microphone?.release();
    this.#armed = false;
  }

  leave(): void {
    this.#end({ kind: 'off' });
  }

  async #arm(): Promise<boolean> {
    const microphone = this.#microphone;
    if (microphone === null) return false;
    try {
      await microphone.arm();
      this.#armed = this.#microphone === microphone;
      return this.#armed;
    } catch (error) {
      if (this.#microphone !== microphone) return false;
      const { what, todo } = microphoneTrouble(error, window.isSecureContext, 'try again');
      return this.#fail({ what: 'Your microphone is not on.', why: what, todo, requestId: null });
    }
  }

  #microphoneLost(): void {
    this.#fail({
      what: 'Your microphone was taken away.',
      why: 'It was unplugged, or the browser took back its permission.',
      todo: 'Connect it again, then come back to the line.',
      requestId: null,
    });
  }

  #lostRoom(): void {
    this.#fail({ ...noMediaConnection, what: 'You are no longer in the call.', requestId: null });
  }

  #fail(explanation: Explanation): false {
    this.#end({ kind: 'failed', explanation });
    return false;
  }

  #end(state: MouthState): void {
    this.#wish?.abort();
    this.#wish = null;
    const room = this.#room;
    this.#room = null;
    this.#open = this.#armed = false;
    this.#identity = null;
    this.#microphone?.close();
    this.#microphone = null;
    void room?.disconnect();
    this.#state = state;
  }
}
