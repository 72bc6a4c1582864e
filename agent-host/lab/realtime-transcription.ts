/**
 * The realtime transcription WebSocket, as far as `@livekit/agents-plugin-openai` 1.9.0 uses it: sound comes
 * in pieces, words go out while they are spoken, and a final transcript when the turn is committed: by the
 * client's voice activity detector or, when the session asks for `server_vad`, by a pause.
 */
import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { ApiError, apiErrorBody } from './api-error.ts';
import type { Faults } from './faults.ts';
import type { Recogniser } from './recogniser.ts';
import { SPEECH_RATE_HZ, SpeechBuffer } from './speech-buffer.ts';
import { transcribe } from './transcribe.ts';
import { decodePcm16 } from './wav.ts';

const turnDetectionSchema = z.looseObject({ silence_duration_ms: z.number().min(0).max(10_000).optional() });

const clientEventSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('session.update'),
    session: z.looseObject({
      audio: z
        .looseObject({ input: z.looseObject({ turn_detection: turnDetectionSchema.nullish() }).optional() })
        .optional(),
    }),
  }),
  z.looseObject({ type: z.literal('input_audio_buffer.append'), audio: z.base64() }),
  z.looseObject({ type: z.literal('input_audio_buffer.commit') }),
  z.looseObject({ type: z.literal('input_audio_buffer.clear') }),
]);

type ClientEvent = z.infer<typeof clientEventSchema>;

/** Loud sound before the first guess, and between two guesses. A guess costs about 20 ms. */
const FIRST_GUESS_MS = 600;
const GUESS_EVERY_MS = 340;
const DEFAULT_PAUSE_MS = 350;
/** How much speech makes the server's own detector see a turn. */
const TURN_MIN_MS = 160;

/** Serves one connection until it closes. Never throws; `onError` counts refused events. */
export function serveRealtimeTranscription(
  socket: WebSocket,
  recogniser: Recogniser,
  faults: Readonly<Faults>,
  onError: () => void,
): void {
  const session = new TranscriptionSession(recogniser, (event) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(event));
  });
  const refuse = (error: unknown) => {
    onError();
    if (socket.readyState === socket.OPEN)
      socket.send(JSON.stringify({ type: 'error', ...apiErrorBody(error).body }));
  };
  socket.on('error', onError);
  socket.on('message', (data) => {
    if (faults.stt === 'hang') return;
    if (faults.stt === 'fail') {
      refuse(new ApiError(500, 'The lab was told to fail transcription.', 'lab_fault'));
      socket.close(1011);
      return;
    }
    try {
      session.receive(decode(data));
    } catch (error) {
      refuse(error);
    }
  });
}

function decode(data: RawData): ClientEvent {
  let value: unknown;
  try {
    value = JSON.parse(String(data));
  } catch {
    throw new ApiError(400, 'The event is not JSON.', 'invalid_json');
  }
  const decoded = clientEventSchema.safeParse(value);
  if (!decoded.success) throw new ApiError(400, 'The event is unknown or incomplete.', 'invalid_event');
  return decoded.data;
}

class TranscriptionSession {
  readonly #recogniser: Recogniser;
  readonly #send: (event: object) => void;
  readonly #buffer = new SpeechBuffer();
  #itemId = newItemId();
  #guessedAtMs = 0;
  #sentWords: readonly string[] = [];
  /** The pause that ends a turn; undefined while the client commits. */
  #pauseMs: number | undefined;
  #turnStarted = false;
  #receivedMs = 0;

  constructor(recogniser: Recogniser, send: (event: object) => void) {
    this.#recogniser = recogniser;
    this.#send = send;
    send({ type: 'session.created', session: { type: 'transcription' } });
  }

  receive(event: ClientEvent): void {
    switch (event.type) {
      case 'session.update': {
        const detection = event.session.audio?.input?.turn_detection;
        this.#pauseMs = detection ? (detection.silence_duration_ms ?? DEFAULT_PAUSE_MS) : undefined;
        this.#send({ type: 'session.updated', session: event.session });
        break;
      }
      case 'input_audio_buffer.append':
        this.#append(decodePcm16(Buffer.from(event.audio, 'base64')));
        break;
      case 'input_audio_buffer.commit':
        this.#commit();
        break;
      case 'input_audio_buffer.clear':
        this.#buffer.take();
        this.#startItem();
        break;
    }
  }

  #append(samples: Int16Array): void {
    this.#buffer.append(samples);
    this.#receivedMs += (samples.length * 1000) / SPEECH_RATE_HZ;
    this.#guess();
    if (this.#pauseMs !== undefined) this.#detectTurn(this.#pauseMs);
  }

  /** Sends the words that have become certain since the last guess. Words once sent are never taken back. */
  #guess(): void {
    const { loudMs } = this.#buffer;
    if (loudMs < FIRST_GUESS_MS || loudMs - this.#guessedAtMs < GUESS_EVERY_MS) return;
    this.#guessedAtMs = loudMs;
    const stretch = this.#buffer.current();
    const guess = stretch && this.#recogniser.recogniseBeginning(stretch.samples, SPEECH_RATE_HZ);
    if (!guess) return;
    const words = guess.text.split(' ');
    const sent = this.#sentWords;
    if (words.length <= sent.length || sent.some((word, index) => word !== words[index])) return;
    const added = words.slice(sent.length).join(' ');
    this.#sentWords = words;
    this.#send({
      type: 'conversation.item.input_audio_transcription.delta',
      item_id: this.#itemId,
      content_index: 0,
      delta: sent.length > 0 ? ` ${added}` : added,
    });
  }

  #detectTurn(pauseMs: number): void {
    const { loudMs, quietMs } = this.#buffer;
    if (!this.#turnStarted && loudMs >= TURN_MIN_MS) {
      this.#turnStarted = true;
      const startMs = Math.round(this.#receivedMs - loudMs);
      this.#send({
        type: 'input_audio_buffer.speech_started',
        item_id: this.#itemId,
        audio_start_ms: startMs,
      });
    } else if (this.#turnStarted && quietMs >= pauseMs) {
      const endMs = Math.round(this.#receivedMs - quietMs);
      this.#send({ type: 'input_audio_buffer.speech_stopped', item_id: this.#itemId, audio_end_ms: endMs });
      this.#commit();
    }
  }

  #commit(): void {
    const stretches = this.#buffer.take();
    const transcript = transcribe(stretches, this.#recogniser);
    const itemId = this.#itemId;
    const spokenMs = stretches.reduce((sum, { loudMs }) => sum + loudMs, 0);
    this.#startItem();
    this.#send({ type: 'input_audio_buffer.committed', item_id: itemId });
    this.#send({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: itemId,
      content_index: 0,
      transcript,
      // OpenAI counts ten tokens a second of sound.
      usage: {
        type: 'tokens',
        input_tokens: Math.round(spokenMs / 100),
        output_tokens: transcript.length >> 2,
      },
    });
  }

  #startItem(): void {
    this.#itemId = newItemId();
    this.#guessedAtMs = 0;
    this.#sentWords = [];
    this.#turnStarted = false;
  }
}

function newItemId(): string {
  return `item_${randomUUID()}`;
}
