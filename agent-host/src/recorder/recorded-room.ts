import type { RemoteParticipant, RemoteTrack } from '@livekit/rtc-node';
import { AudioStream, DisconnectReason, Room, RoomEvent, TrackKind } from '@livekit/rtc-node';
import { seatOf } from '../../../domain/call/identity.ts';
import { Lane, RATE_HZ, samplesOf } from './lane.ts';
import type { RecorderNews, RecorderOrder } from './messages.ts';
import type { Side } from './mixer.ts';
import { Mixer } from './mixer.ts';
import { DECODER_DELAY_MS, SoundFile } from './sound-file.ts';
import type { Note, Spool } from './spool.ts';

/** Fewer, longer frames cost less; what is recorded need not be quick. */
const FRAME_MS = 40;
const WRITE_EVERY_MS = 240;
/** What comes later than this has no place any more: a process that was busy so long has lost it. */
const HOLD = samplesOf(2_000);
/** Sound is on its way for so long: what was said while it was paused must not follow the resuming. */
const RESUME_AFTER_MS = 300;

const closedFor: ReadonlySet<DisconnectReason> = new Set([
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.ROOM_CLOSED,
  DisconnectReason.PARTICIPANT_REMOVED,
]);

/**
 * One call being recorded: an unseen participant that hears every track, on one timeline of real time that begins as it
 * joins.
 */
export class RecordedRoom {
  readonly #room = new Room();
  readonly #mixer = new Mixer();
  readonly #note: Note;
  readonly #spool: Spool;
  readonly #file: SoundFile;
  readonly #tell: (news: RecorderNews) => void;
  readonly #readers = new Map<RemoteTrack, ReadableStreamDefaultReader<{ data: Int16Array }>>();
  readonly #originMs: number;
  #writing: NodeJS.Timeout | undefined;
  #paused: boolean;
  #silentUntilMs = 0;
  #over = false;

  private constructor(parts: {
    room: Room;
    note: Note;
    spool: Spool;
    file: SoundFile;
    originMs: number;
    paused: boolean;
    tell: (news: RecorderNews) => void;
  }) {
    this.#room = parts.room;
    this.#note = parts.note;
    this.#spool = parts.spool;
    this.#file = parts.file;
    this.#originMs = parts.originMs;
    this.#paused = parts.paused;
    this.#tell = parts.tell;
  }

  /** The note stands before the first byte. @throws when the room cannot be joined or the disk not be written */
  static async begin(
    order: Extract<RecorderOrder, { type: 'begin' }>,
    spool: Spool,
    tell: (news: RecorderNews) => void,
  ): Promise<RecordedRoom> {
    const { callId, recordingId, hostId, paused } = order;
    const room = new Room();
    try {
      await room.connect(order.url, order.token, { autoSubscribe: true, dynacast: false });
      const originMs = performance.now();
      // Now, and not by `timeOrigin`: the clock is set right now and then, and this process lives for weeks.
      const startedAtMs = Date.now() - DECODER_DELAY_MS;
      const note: Note = { callId, recordingId, hostId, startedAtMs, durationMs: null };
      await spool.write(note);
      const file = await SoundFile.create(spool.paths(note));
      const recorded = new RecordedRoom({ room, note, spool, file, originMs, paused, tell });
      recorded.#listen();
      tell({ type: 'begun', recordingId, startedAtMs });
      if (paused) tell({ type: 'paused', recordingId });
      return recorded;
    } catch (error) {
      await room.disconnect().catch(() => undefined);
      throw error;
    }
  }

  pause(): void {
    this.#paused = true;
    this.#tell({ type: 'paused', recordingId: this.#note.recordingId });
  }

  resume(): void {
    this.#paused = false;
    this.#silentUntilMs = performance.now() + RESUME_AFTER_MS;
    this.#tell({ type: 'resumed', recordingId: this.#note.recordingId });
  }

  /** Writes what there is, and tells. Never throws. */
  async end(callOver = true): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#writing);
    const { recordingId } = this.#note;
    try {
      this.#file.write(this.#mixer.take(this.#now()));
      this.#file.close();
    } catch {
      // The disk is full: what was written before is still there.
    }
    for (const reader of this.#readers.values()) void reader.cancel().catch(() => undefined);
    await this.#spool.finish(this.#note).catch(() => null);
    this.#tell({ type: 'ended', recordingId, callOver });
    await this.#room.disconnect().catch(() => undefined);
  }

  #listen(): void {
    this.#room.on(RoomEvent.TrackSubscribed, (track, _publication, participant) =>
      this.#hear(track, participant),
    );
    this.#room.on(RoomEvent.TrackUnsubscribed, (track) => {
      void this.#readers
        .get(track)
        ?.cancel()
        .catch(() => undefined);
      this.#readers.delete(track);
    });
    this.#room.on(RoomEvent.Disconnected, (reason) => void this.end(closedFor.has(reason)));
    for (const participant of this.#room.remoteParticipants.values())
      for (const { track } of participant.trackPublications.values())
        if (track !== undefined) this.#hear(track, participant);
    this.#writing = setInterval(() => this.#write(), WRITE_EVERY_MS);
  }

  #hear(track: RemoteTrack, { identity }: RemoteParticipant): void {
    if (track.kind !== TrackKind.KIND_AUDIO || this.#readers.has(track) || this.#over) return;
    const stream = new AudioStream(track, { sampleRate: RATE_HZ, numChannels: 1, frameSizeMs: FRAME_MS });
    const reader = stream.getReader() as ReadableStreamDefaultReader<{ data: Int16Array }>;
    this.#readers.set(track, reader);
    void this.#mix(reader, seatOf(identity) === 'customer' ? 'left' : 'right');
  }

  async #mix(reader: ReadableStreamDefaultReader<{ data: Int16Array }>, side: Side): Promise<void> {
    const lane = new Lane();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done || this.#over) return;
        const at = lane.place(value.data.length, this.#now());
        if (at !== null && !this.#isSilent()) this.#mixer.add(side, at, value.data);
      }
    } catch {
      // The track ended under us.
    }
  }

  #isSilent(): boolean {
    return this.#paused || performance.now() < this.#silentUntilMs;
  }

  /** The timeline's sample that is now. */
  #now(): number {
    return samplesOf(performance.now() - this.#originMs);
  }

  #write(): void {
    try {
      this.#file.write(this.#mixer.take(this.#now() - HOLD));
    } catch (error) {
      const reason = isFull(error) ? 'the disk of the agent host is full' : 'the agent host cannot write it';
      this.#tell({ type: 'failed', recordingId: this.#note.recordingId, reason });
      void this.end(false);
    }
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOSPC';
