/**
 * A recording for Chromium's fake microphone, so that a browser test can talk. Pass it as
 * `--use-file-for-fake-audio-capture=<file>%noloop`: without `%noloop` Chromium starts over for ever.
 *
 * `node agent-host/lab/fake-microphone.ts <file.wav> <voice> [<pauseMs> <line id>]…` writes one; `-` lists the lines.
 */
import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { customerLine, EXCHANGES } from './phrases.ts';
import { CUSTOMER_VOICE_NAMES, CUSTOMER_VOICES, speak, type CustomerVoice } from './voice.ts';
import { encodeWav } from './wav.ts';

export interface FakeMicrophoneLine {
  /** Silence before the line. Chromium starts to play when the page asks for the microphone. */
  readonly pauseMs: number;
  /** What is said: one of the lab's lines if the lab is to understand it. */
  readonly text: string;
}

export interface FakeMicrophone {
  readonly file: string;
  readonly lines: readonly FakeMicrophoneLine[];
  /** Default `alice`. */
  readonly voice?: CustomerVoice;
  /** Silence behind the last line. Default 30,000 ms: when a file without loop ends, the microphone is dead. */
  readonly finalPauseMs?: number;
  /** How much louder than a lab customer; browsers turn their own gain down. Default 3. */
  readonly gain?: number;
}

const SAMPLE_RATE = 48_000;
const NOISE_LEVEL = 12;

/**
 * Writes the recording: 48 kHz, mono, 16 bits, with a breath of noise where nobody speaks.
 *
 * @returns how long it lasts, in ms
 * @throws the file system's error when the file cannot be written
 */
export async function writeFakeMicrophone(recording: FakeMicrophone): Promise<number> {
  const { file, lines, voice = 'alice', finalPauseMs = 30_000, gain = 3 } = recording;
  const pieces: Int16Array[] = [];
  for (const { pauseMs, text } of lines) {
    const spoken = await speak(text, { ...CUSTOMER_VOICES[voice], sampleRate: SAMPLE_RATE });
    pieces.push(
      noise(pauseMs),
      spoken.map((sample) => Math.max(-32768, Math.min(32767, sample * gain))),
    );
  }
  pieces.push(noise(finalPauseMs));
  const samples = Int16Array.from(pieces.flatMap((piece) => [...piece]));
  await writeFile(file, encodeWav({ samples, sampleRate: SAMPLE_RATE }));
  return (samples.length * 1000) / SAMPLE_RATE;
}

function noise(ms: number): Int16Array {
  const samples = new Int16Array(Math.round((ms * SAMPLE_RATE) / 1000));
  return samples.map(() => Math.round((Math.random() - 0.5) * NOISE_LEVEL));
}

function isVoice(name: string | undefined): name is CustomerVoice {
  return CUSTOMER_VOICE_NAMES.some((known) => known === name);
}

async function main([file, voice, ...rest]: readonly string[]): Promise<number> {
  if (file === '-') {
    for (const { id, customer } of EXCHANGES) console.log(`${id}: ${customer}`);
    return 0;
  }
  if (!file || !isVoice(voice) || rest.length === 0 || rest.length % 2 !== 0) {
    console.error(
      `usage: fake-microphone.ts <file.wav> <${CUSTOMER_VOICE_NAMES.join('|')}> [<pauseMs> <line id>]…`,
    );
    return 2;
  }
  const lines = rest.flatMap((value, index) =>
    index % 2 === 0 ? [{ pauseMs: Number(value), text: customerLine(rest[index + 1]!) }] : [],
  );
  console.log(`${file}: ${Math.round((await writeFakeMicrophone({ file, voice, lines })) / 1000)} s`);
  return 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2));
}
