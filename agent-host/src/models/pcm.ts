import { AudioByteStream } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';

/** 16-bit mono sound as it comes in, in frames of 100 ms or less. A sample that is torn in two is put together. */
export async function* frames(
  sound: AsyncIterable<Uint8Array>,
  sampleRate: number,
): AsyncGenerator<AudioFrame> {
  const stream = new AudioByteStream(sampleRate, 1, sampleRate / 50);
  for await (const bytes of sound) {
    const { buffer, byteOffset, byteLength } = bytes;
    yield* stream.write(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  }
  yield* stream.flush();
}
