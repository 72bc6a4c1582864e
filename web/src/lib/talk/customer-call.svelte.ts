import type * as LiveKit from 'livekit-client';
import type { RemoteTrack, Room, TextStreamReader } from 'livekit-client';
import { seatOf } from '../../../../domain/call/identity.ts';
import type { Reply } from '../../../../protocol/client/failure.ts';
import { getOwnCall, type TokenReply } from '../api/front-door.ts';
import { explain } from '../api/explain.ts';
import { endedWhy, isUnderWay, type EndedWhy, type TalkPhase } from './call-phase.ts';
import { isFinalStream, withCaption, type Caption, type CaptionAttributes } from './captions.ts';
import { microphoneTrouble } from './microphone.ts';

export type AgentDoing = 'listening' | 'thinking' | 'speaking';

/** Owns one customer's call from the tap to the end: microphone, room, sound and captions. */
export class CustomerCall {
  readonly #ask: () => Promise<Reply<TokenReply>>;
  /** Where the other side's sound is attached; it shows nothing. */
  #speakerBox: HTMLElement | null = null;
  #livekit: Promise<typeof LiveKit> | null = null;
  #room: Room | null = null;
  #microphone: MediaStreamTrack | null = null;
  #phase = $state.raw<TalkPhase>({ kind: 'idle' });
  #captions = $state.raw<readonly Caption[]>([]);
  #token = $state.raw<TokenReply | null>(null);
  #muted = $state(false);
  #reconnecting = $state(false);
  #soundBlocked = $state(false);
  #microphoneLost = $state(false);
  #agentDoing = $state.raw<AgentDoing | null>(null);
  #callBackPromised = $state(false);

  /** @param ask requests the call, and says how to enter it */
  constructor(ask: () => Promise<Reply<TokenReply>>) {
    this.#ask = ask;
  }

  get phase(): TalkPhase {
    return this.#phase;
  }
  get captions(): readonly Caption[] {
    return this.#captions;
  }
  /** Null before the first call. */
  get token(): TokenReply | null {
    return this.#token;
  }
  get muted(): boolean {
    return this.#muted;
  }
  get reconnecting(): boolean {
    return this.#reconnecting;
  }
  /** The browser wants another tap before it plays sound. */
  get soundBlocked(): boolean {
    return this.#soundBlocked;
  }
  get microphoneLost(): boolean {
    return this.#microphoneLost;
  }
  /** Known only after the call has ended. */
  get callBackPromised(): boolean {
    return this.#callBackPromised;
  }
  /** Null while nobody is there. */
  get agentDoing(): AgentDoing | null {
    return this.#agentDoing;
  }

  /** Starts to fetch the voice client: at idle or as the finger goes down, so that the tap does not wait for it. */
  warmUp(): void {
    this.#livekit ??= import('livekit-client');
    // A failed download is tried again by `start`, which says so.
    this.#livekit.catch(() => (this.#livekit = null));
  }

  /** Called by the tap itself: only a gesture may ask for the microphone and unlock sound. */
  async start(speakerBox: HTMLElement): Promise<void> {
    if (isUnderWay(this.#phase)) return;
    this.#speakerBox = speakerBox;
    this.#captions = [];
    this.#muted = this.#reconnecting = this.#soundBlocked = this.#microphoneLost = false;
    this.#callBackPromised = false;
    this.warmUp();
    this.#phase = { kind: 'askingMicrophone' };
    // The microphone first: a call nobody can speak on is not worth ringing for.
    if (!(await this.#openMicrophone())) return;
    this.#phase = { kind: 'connecting' };
    const reply = await this.#ask();
    if (!reply.ok) {
      const { failure } = reply;
      const told = failure.code === 'rate_limited' ? { ...failure, code: 'too_many_calls' } : failure;
      this.#leave({ kind: 'refused', explanation: explain('Your call was not connected.', told) });
      return;
    }
    this.#token = reply.value;
    try {
      await this.#join(reply.value);
    } catch {
      this.#end('network');
    }
  }

  async toggleMute(): Promise<void> {
    if (this.#room === null) return;
    const muted = !this.#muted;
    await this.#room.localParticipant.setMicrophoneEnabled(!muted);
    this.#muted = muted;
  }

  async unlockSound(): Promise<void> {
    await this.#room?.startAudio();
  }

  hangUp(): void {
    this.#end('you');
  }

  async #openMicrophone(): Promise<boolean> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
      // Hung up while the browser was asking.
      if (this.#phase.kind !== 'askingMicrophone') {
        for (const track of stream.getTracks()) track.stop();
        return false;
      }
      this.#microphone = stream.getAudioTracks()[0] ?? null;
      this.#microphone?.addEventListener('ended', () => (this.#microphoneLost = true));
      return true;
    } catch (error) {
      if (this.#phase.kind === 'askingMicrophone') {
        this.#leave({ kind: 'noMicrophone', trouble: microphoneTrouble(error, window.isSecureContext) });
      }
      return false;
    }
  }

  async #join(token: TokenReply): Promise<void> {
    this.warmUp();
    const livekit = await (this.#livekit as Promise<typeof LiveKit>);
    if (this.#phase.kind !== 'connecting' || this.#microphone === null) return;
    // Its log names rooms and participants; the page says what went wrong in words.
    livekit.setLogLevel(livekit.LogLevel.silent);
    const room = new livekit.Room();
    this.#room = room;
    this.#listen(room, livekit);
    await room.connect(token.url, token.token);
    if (this.#room !== room) return;
    if (this.#phase.kind === 'connecting') this.#phase = { kind: 'ringing', sinceMs: Date.now() };
    await room.localParticipant.publishTrack(this.#microphone, {
      source: livekit.Track.Source.Microphone,
      name: 'microphone',
    });
    await room.startAudio().catch(() => undefined);
    this.#soundBlocked = !room.canPlaybackAudio;
  }

  #listen(room: Room, { RoomEvent }: typeof LiveKit): void {
    room
      .on(RoomEvent.TrackSubscribed, (track) => this.#heard(track))
      .on(RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((element) => element.remove()))
      .on(RoomEvent.ParticipantDisconnected, (who) => this.#left(who.identity))
      .on(RoomEvent.ParticipantAttributesChanged, (_, who) => {
        if (seatOf(who.identity) === 'agent') this.#agentDoing = doingOf(who.attributes['lk.agent.state']);
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => (this.#soundBlocked = !room.canPlaybackAudio))
      .on(RoomEvent.Reconnecting, () => (this.#reconnecting = true))
      .on(RoomEvent.SignalReconnecting, () => (this.#reconnecting = true))
      .on(RoomEvent.Reconnected, () => (this.#reconnecting = false))
      .on(RoomEvent.Disconnected, (reason) => {
        if (this.#room === room) this.#end(endedWhy(reason, this.#phase.kind === 'connected'));
      });
    room.registerTextStreamHandler('lk.transcription', (reader, { identity }) => {
      void this.#caption(reader, identity === room.localParticipant.identity ? 'you' : 'agent');
    });
  }

  #heard(track: RemoteTrack): void {
    if (track.kind !== 'audio') return;
    this.#speakerBox?.append(track.attach());
    if (this.#phase.kind === 'connected') return;
    this.#phase = { kind: 'connected', sinceMs: Date.now() };
    this.#agentDoing ??= 'listening';
  }

  /** The agent may come back or be replaced: the room stays open and the page says so. */
  #left(identity: string): void {
    if (seatOf(identity) === 'agent') this.#agentDoing = null;
  }

  async #caption(reader: TextStreamReader, speaker: Caption['speaker']): Promise<void> {
    const attributes = (): CaptionAttributes => reader.info.attributes ?? {};
    const segmentId = attributes()['lk.segment_id'] ?? reader.info.id;
    let text = '';
    const show = (final: boolean): void => {
      this.#captions = withCaption(this.#captions, { segmentId, speaker, text, final });
    };
    try {
      for await (const piece of reader) {
        text += piece;
        show(false);
      }
      show(isFinalStream(speaker, attributes()));
    } catch {
      // The sender broke off; what came is all there is.
      if (text !== '') show(true);
    }
  }

  #end(why: EndedWhy): void {
    const { kind } = this.#phase;
    if (!isUnderWay(this.#phase)) return;
    const lastedMs = this.#phase.kind === 'connected' ? Date.now() - this.#phase.sinceMs : null;
    this.#leave(kind === 'askingMicrophone' ? { kind: 'idle' } : { kind: 'ended', why, lastedMs });
    if (why === 'over' || why === 'noAnswer') void this.#askWhatIsOwed();
  }

  /** Nobody could take the call: were we promised one back? What cannot be had is not said. */
  async #askWhatIsOwed(): Promise<void> {
    const token = this.#token;
    if (token === null) return;
    const reply = await getOwnCall(token.callId, token.callToken);
    if (reply.ok && this.#token === token) this.#callBackPromised = reply.value.callBackPromised;
  }

  /** Leaves everything: the room, the microphone's light, the sound. */
  #leave(phase: TalkPhase): void {
    this.#phase = phase;
    this.#agentDoing = null;
    this.#reconnecting = this.#soundBlocked = false;
    this.#microphone?.stop();
    this.#microphone = null;
    const room = this.#room;
    this.#room = null;
    void room?.disconnect();
    this.#speakerBox?.replaceChildren();
  }
}

function doingOf(state: string | undefined): AgentDoing | null {
  return state === 'listening' || state === 'thinking' || state === 'speaking' ? state : null;
}
