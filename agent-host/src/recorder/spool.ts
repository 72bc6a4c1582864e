import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { PEAKS_PER_SECOND } from '../../../protocol/api/recordings.ts';
import { DurationMs, Id } from '../../../protocol/primitives.ts';
import { FRAME_BYTES, FRAME_MS } from './sound-file.ts';

/** Beside each sound file: what is needed to bring it home, whoever finds it. */
const NoteSchema = z.object({
  callId: Id,
  recordingId: Id,
  /** Whose clock `startedAtMs` is on. */
  hostId: Id,
  startedAtMs: z.number(),
  /** Null while it is being written, or its writer was lost. */
  durationMs: z.nullable(DurationMs),
});
export type Note = z.infer<typeof NoteSchema>;

/** Written to so lately that somebody is still writing. */
const WRITING_MS = 15_000;

/** Recordings on this machine's disk: they stay until R2 has confirmed, whatever dies meanwhile. */
export class Spool {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  prepare(): Promise<unknown> {
    return mkdir(this.#dir, { recursive: true, mode: 0o700 });
  }

  paths({
    callId,
    recordingId,
  }: Pick<Note, 'callId' | 'recordingId'>): Record<'sound' | 'peaks' | 'note', string> {
    const path = (kind: string): string => join(this.#dir, `${callId}.${recordingId}.${kind}`);
    return { sound: path('mp3'), peaks: path('peaks'), note: path('json') };
  }

  /** Stands as a whole or not at all. */
  async write(note: Note): Promise<void> {
    const { note: path } = this.paths(note);
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(note));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  /** Nobody writes it any more: cut to its last whole frame. @returns null when there is no sound in it */
  async finish(note: Note): Promise<Note | null> {
    const { sound } = this.paths(note);
    const bytes = await sizeOf(sound);
    const frames = Math.floor(bytes / FRAME_BYTES);
    if (frames === 0) {
      await this.remove(note);
      return null;
    }
    if (bytes !== frames * FRAME_BYTES) await truncate(sound, frames * FRAME_BYTES);
    const finished = { ...note, durationMs: frames * FRAME_MS };
    await this.write(finished);
    return finished;
  }

  /** What waits to be stored: finished, or abandoned by whoever wrote it. `writing`: calls' recordings that are ours. */
  async waiting(writing: ReadonlySet<string>): Promise<Note[]> {
    const names = (await readdir(this.#dir)).filter((name) => name.endsWith('.json'));
    const found: Note[] = [];
    for (const name of names) {
      const note = await this.#read(join(this.#dir, name));
      if (note === null || writing.has(note.recordingId)) continue;
      if (note.durationMs !== null) found.push(note);
      else if (Date.now() - (await this.#touchedAtMs(note)) > WRITING_MS) {
        const finished = await this.finish(note);
        if (finished !== null) found.push(finished);
      }
    }
    return found;
  }

  async read(ids: Pick<Note, 'callId' | 'recordingId'>): Promise<Note | null> {
    return this.#read(this.paths(ids).note);
  }

  async #read(path: string): Promise<Note | null> {
    try {
      const note = z.safeParse(NoteSchema, JSON.parse(await readFile(path, 'utf8')));
      return note.success ? note.data : null;
    } catch {
      return null;
    }
  }

  async #touchedAtMs(note: Note): Promise<number> {
    const { sound, note: path } = this.paths(note);
    const times = await Promise.all([sound, path].map((each) => stat(each).catch(() => null)));
    return Math.max(0, ...times.map((each) => each?.mtimeMs ?? 0));
  }

  /** As the API has them. */
  async peaksOf(note: Note): Promise<string> {
    const pairs = await readFile(this.paths(note).peaks).catch(() => Buffer.alloc(0));
    const side = (offset: number): number[] => [...pairs].filter((_, index) => index % 2 === offset);
    return JSON.stringify({ perSecond: PEAKS_PER_SECOND, customer: side(0), agents: side(1) });
  }

  /** SHA-256 of the sound, base64. */
  async digestOf(note: Note): Promise<string> {
    const hash = createHash('sha256');
    for await (const part of createReadStream(this.paths(note).sound)) hash.update(part as Buffer);
    return hash.digest('base64');
  }

  /** The note goes last: what was cut off is found again. */
  async remove(ids: Pick<Note, 'callId' | 'recordingId'>): Promise<void> {
    const { sound, peaks, note } = this.paths(ids);
    for (const path of [sound, peaks, note]) await rm(path, { force: true });
  }
}

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.size ?? 0;
