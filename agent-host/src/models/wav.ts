import type { AudioFrame } from '@livekit/rtc-node';

/** 16-bit sound as a WAV file. */
export function wavOf({
  data,
  sampleRate,
  channels,
}: Pick<AudioFrame, 'data' | 'sampleRate' | 'channels'>): Uint8Array<ArrayBuffer> {
  const wav = new DataView(new ArrayBuffer(44 + data.byteLength));
  const text = (at: number, letters: string): void => {
    for (const [index, letter] of [...letters].entries()) wav.setUint8(at + index, letter.charCodeAt(0));
  };
  text(0, 'RIFF');
  wav.setUint32(4, 36 + data.byteLength, true);
  text(8, 'WAVEfmt ');
  wav.setUint32(16, 16, true);
  wav.setUint16(20, 1, true);
  wav.setUint16(22, channels, true);
  wav.setUint32(24, sampleRate, true);
  wav.setUint32(28, sampleRate * channels * 2, true);
  wav.setUint16(32, channels * 2, true);
  wav.setUint16(34, 16, true);
  text(36, 'data');
  wav.setUint32(40, data.byteLength, true);
  data.forEach((sample, index) => wav.setInt16(44 + 2 * index, sample, true));
  return new Uint8Array(wav.buffer);
}
