/** `POST /v1/audio/speech`: the agent's voice. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { readJson } from './request-body.ts';
import { AGENT_VOICE, speak } from './voice.ts';
import { encodePcm16, encodeWav } from './wav.ts';

const requestSchema = z.looseObject({
  /** OpenAI's bound is 4,096 characters. */
  input: z.string().min(1).max(4_096),
  model: z.string(),
  response_format: z.string().nullish(),
  speed: z.number().min(0.25).max(4).nullish(),
});

/** What OpenAI's `pcm` is. */
const SAMPLE_RATE = 24_000;
/** The breath after a sentence: the agent asks for one sentence at a time and plays them without a gap. */
const BREATH_MS = 180;
/** The client plays whole frames of 100 ms and drops what is left over: sound is padded to whole frames. */
const FRAME_SAMPLES = SAMPLE_RATE / 10;

/** Answers with the sound of `input`: raw 16-bit mono samples at 24 kHz, or the same as a WAV file. */
export async function synthesiseSpeech(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { input, response_format: format, speed } = await readJson(request, requestSchema);
  if (format !== 'pcm' && format !== 'wav') {
    throw new ApiError(400, 'The lab speaks only response_format "pcm" and "wav".', 'unsupported_format');
  }
  const spoken = await speak(input, {
    ...AGENT_VOICE,
    speed: Math.round(AGENT_VOICE.speed * (speed ?? 1)),
    sampleRate: SAMPLE_RATE,
  });
  const length = spoken.length + (SAMPLE_RATE * BREATH_MS) / 1000;
  const samples = new Int16Array(Math.ceil(length / FRAME_SAMPLES) * FRAME_SAMPLES);
  samples.set(spoken);

  const body = format === 'pcm' ? encodePcm16(samples) : encodeWav({ samples, sampleRate: SAMPLE_RATE });
  response.writeHead(200, {
    'content-type': format === 'pcm' ? 'audio/pcm' : 'audio/wav',
    'content-length': body.length,
  });
  response.end(body);
}
