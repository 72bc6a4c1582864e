/** `POST /v1/audio/transcriptions`: the transcript of a WAV file. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import type { Recogniser } from './recogniser.ts';
import { readForm } from './request-body.ts';
import { resample } from './resample.ts';
import { SPEECH_RATE_HZ, SpeechBuffer } from './speech-buffer.ts';
import { transcribe } from './transcribe.ts';
import { decodeWav, UnreadableWavError, type Sound } from './wav.ts';

/** Answers as OpenAI does for `response_format` json (the default), verbose_json and text. */
export async function transcribeFile(
  request: IncomingMessage,
  response: ServerResponse,
  recogniser: Recogniser,
): Promise<void> {
  const form = await readForm(request);
  const file = form.get('file');
  if (!(file instanceof Blob)) throw new ApiError(400, 'The form has no file.', 'missing_file');
  const sound = readSound(new Uint8Array(await file.arrayBuffer()));

  const buffer = new SpeechBuffer();
  buffer.append(resample(sound.samples, sound.sampleRate, SPEECH_RATE_HZ));
  // A file may end in the middle of a block of sound.
  buffer.append(new Int16Array(SPEECH_RATE_HZ / 10));
  const text = transcribe(buffer.take(), recogniser);

  if (form.get('response_format') === 'text') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${text}\n`);
    return;
  }
  const duration = sound.samples.length / sound.sampleRate;
  const verbose = form.get('response_format') === 'verbose_json';
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(verbose ? { task: 'transcribe', language: 'english', duration, text } : { text }),
  );
}

function readSound(bytes: Uint8Array): Sound {
  try {
    return decodeWav(bytes);
  } catch (error) {
    if (error instanceof UnreadableWavError) throw new ApiError(400, error.message, 'invalid_audio');
    throw error;
  }
}
