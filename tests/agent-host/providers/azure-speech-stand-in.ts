import type { Service, Taker } from './service.ts';
import { sound, startService } from './service.ts';

/**
 * Azure Speech over its socket: each message has headers (`Path`, `X-RequestId`) and a body. A text message parts them by an empty
 * line; a binary one begins with the headers' length in two bytes.
 */
export interface AzureSpeech extends Service {
  readonly ssml: string[];
}

const PHRASE = 'I want a car.';
/** Half a second of 16 kHz sound, in bytes. */
const HEARD = 16_000;

export async function startAzureSpeech(): Promise<AzureSpeech> {
  const ssml: string[] = [];
  const service = await startService({
    socket: ({ url }, socket): Taker => {
      const send = (path: string, requestId: string, body: object): void =>
        socket.send(
          `X-RequestId:${requestId}\r\nPath:${path}\r\nContent-Type:application/json; charset=utf-8\r\n\r\n${JSON.stringify(body)}`,
        );
      const sendSound = (requestId: string, bytes: Buffer): void => {
        const headers = Buffer.from(
          `X-RequestId:${requestId}\r\nPath:audio\r\nX-StreamId:S1\r\nContent-Type:audio/x-wav\r\n`,
        );
        const length = Buffer.alloc(2);
        length.writeUInt16BE(headers.length);
        socket.send(Buffer.concat([length, headers, bytes]));
      };
      let heard = 0;
      return {
        bytes: (message) => {
          const length = message.readUInt16BE();
          const requestId = headerOf(message.subarray(2, 2 + length).toString(), 'X-RequestId');
          const before = heard;
          heard += message.length - 2 - length;
          if (before === 0) send('turn.start', requestId, { context: { serviceTag: 't' } });
          if (before >= HEARD || heard < HEARD) return;
          send('speech.startDetected', requestId, { Offset: 0 });
          send('speech.hypothesis', requestId, { Text: 'i want', Offset: 0, Duration: 2_000_000 });
          send('speech.phrase', requestId, {
            RecognitionStatus: 'Success',
            DisplayText: PHRASE,
            Offset: 0,
            Duration: 5_000_000,
          });
        },
        text: (_message, raw) => {
          const [headers = '', body = ''] = raw.split('\r\n\r\n', 2);
          if (!url.pathname.startsWith('/tts/') || headerOf(headers, 'Path') !== 'ssml') return;
          ssml.push(body);
          const requestId = headerOf(headers, 'X-RequestId');
          send('turn.start', requestId, { context: { serviceTag: 't' } });
          send('response', requestId, {
            context: { serviceTag: 't' },
            audio: { type: 'inline', streamId: 'S1' },
          });
          sendSound(requestId, sound());
          sendSound(requestId, sound());
          send('turn.end', requestId, {});
        },
      };
    },
  });
  return { ...service, ssml };
}

const headerOf = (headers: string, name: string): string =>
  new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(headers)?.[1]?.trim() ?? '';
