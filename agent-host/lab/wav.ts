/** Reading and writing the one audio container that every speech API takes: 16-bit PCM in a RIFF/WAVE file. */

import { wavOf } from '../src/models/wav.ts';

/** Mono sound as 16-bit samples. */
export interface Sound {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

const PCM = 1;
const EXTENSIBLE = 0xfffe;

/** Why some bytes are not a WAV file this lab can read; the message is safe to send to a client. */
export class UnreadableWavError extends Error {
  override readonly name = 'UnreadableWavError';
}

/**
 * The sound inside a WAV file. Several channels are averaged into one. A `data` chunk whose declared length
 * is longer than the file (as streaming writers leave it: 0 or 0xFFFFFFFF) is read to the end of the file.
 *
 * @throws UnreadableWavError when the bytes are not 16-bit PCM WAV
 */
export function decodeWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || ascii(view, 0) !== 'RIFF' || ascii(view, 8) !== 'WAVE') {
    throw new UnreadableWavError('The file is not a WAV file.');
  }

  let format: { channels: number; sampleRate: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const chunk = ascii(view, at);
    const declared = view.getUint32(at + 4, true);
    const body = at + 8;
    if (chunk === 'fmt ') {
      if (body + 16 > bytes.length) break;
      format = readFormat(view, body);
    } else if (chunk === 'data') {
      if (!format) break;
      const available = bytes.length - body;
      const length = declared === 0 ? available : Math.min(declared, available);
      return { samples: readMono(view, body, length, format.channels), sampleRate: format.sampleRate };
    }
    at = body + declared + (declared & 1);
  }
  throw new UnreadableWavError('The WAV file has no format or no data.');
}

/** A complete mono 16-bit PCM WAV file. */
export const encodeWav = ({ samples, sampleRate }: Sound): Uint8Array =>
  wavOf({ data: samples, sampleRate, channels: 1 });

/** The samples as little-endian bytes, whatever the machine's own order. */
export function encodePcm16(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < samples.length; i++) view.setInt16(i * 2, samples[i]!, true);
  return bytes;
}

/** Little-endian 16-bit bytes as samples; an odd last byte is left out. */
export function decodePcm16(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Int16Array(bytes.length >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(i * 2, true);
  return samples;
}

function readFormat(view: DataView, at: number): { channels: number; sampleRate: number } {
  const encoding = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  if ((encoding !== PCM && encoding !== EXTENSIBLE) || bits !== 16) {
    throw new UnreadableWavError('Only 16-bit PCM WAV files can be read.');
  }
  if (channels < 1 || channels > 8) throw new UnreadableWavError('The WAV file must have 1 to 8 channels.');
  if (sampleRate < 4_000 || sampleRate > 192_000) {
    throw new UnreadableWavError('The WAV file must have a sample rate of 4,000 to 192,000 Hz.');
  }
  return { channels, sampleRate };
}

function readMono(view: DataView, at: number, length: number, channels: number): Int16Array {
  const samples = new Int16Array(Math.floor(length / (2 * channels)));
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += view.getInt16(at + (i * channels + c) * 2, true);
    samples[i] = Math.round(sum / channels);
  }
  return samples;
}

function ascii(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}
