import { openAsBlob } from 'node:fs';
import type { RecordingNews } from '../../../domain/call/recording.ts';
import { decodeMessage } from '../../../protocol/codec.ts';
import type { RecordingFate } from '../../../protocol/recorder.ts';
import { AUDIO_TYPE, RecordingFateSchema, contentDigest } from '../../../protocol/recorder.ts';
import { createHash } from 'node:crypto';
import type { Note, Spool } from './spool.ts';

/** A request of a few bytes is answered by then. */
const NEWS_MS = 5_000;
/** As long as the Worker takes an upload to be under way. */
const UPLOAD_MS = 9 * 60_000;

type Ids = Pick<Note, 'callId' | 'recordingId' | 'hostId'>;

/** The Worker, as recordings see it. Each method throws when it was not answered, and is safe to repeat. */
export class Home {
  readonly #url: string;
  readonly #key: string;

  constructor(workerUrl: string, agentHostKey: string) {
    this.#url = workerUrl;
    this.#key = agentHostKey;
  }

  tell(ids: Ids, news: readonly RecordingNews[]): Promise<RecordingFate> {
    return this.#ask(ids, 'news', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ hostId: ids.hostId, news }),
      signal: AbortSignal.timeout(NEWS_MS),
    });
  }

  /** Peaks first: what has sound has peaks. `stored`: R2 has confirmed, and the ledger says so. */
  async store(note: Note & { readonly durationMs: number }, spool: Spool): Promise<RecordingFate> {
    const peaks = await spool.peaksOf(note);
    const digest = createHash('sha256').update(peaks).digest('base64');
    const fate = await this.#put(note, 'peaks', new Blob([peaks]), digest);
    if (fate !== 'wanted') return fate;
    const sound = await openAsBlob(spool.paths(note).sound, { type: AUDIO_TYPE });
    const part = `audio?durationMs=${Math.round(note.durationMs)}`;
    return this.#put(note, part, sound, await spool.digestOf(note));
  }

  #put(ids: Ids, part: string, body: Blob, sha256: string): Promise<RecordingFate> {
    return this.#ask(ids, part, {
      method: 'PUT',
      headers: { 'content-digest': contentDigest(sha256) },
      body,
      signal: AbortSignal.timeout(UPLOAD_MS),
    });
  }

  async #ask({ callId, recordingId }: Ids, part: string, init: RequestInit): Promise<RecordingFate> {
    const response = await fetch(`${this.#url}/api/fleet/recordings/${callId}/${recordingId}/${part}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${this.#key}` },
    });
    const text = await response.text();
    if (response.status === 410) return 'gone';
    if (!response.ok) throw new Error(`status ${response.status}`);
    const answer = decodeMessage(RecordingFateSchema, text);
    if (!answer.ok) throw new Error('the answer was not understood');
    return answer.message.fate;
  }
}
