/** Deepgram, Cartesia, Sarvam and ElevenLabs as their documentation describes what goes over the wire. */
import type { Service, Taker } from './service.ts';
import { sendJson, sound, startService } from './service.ts';

const WORDS = 'I want a car.';
/** Sound of half a second, 16 kHz, in bytes: then a stretch has been heard. */
const HEARD = 16_000;

type Saying = Service & { readonly said: Record<string, unknown>[] };

/** Calls `heard` once when enough bytes of sound have come. */
function afterSound(heard: () => void): (bytes: number) => void {
  let sum = 0;
  return (bytes) => {
    if (sum < HEARD && sum + bytes >= HEARD) heard();
    sum += bytes;
  };
}

export function startDeepgram(): Promise<Service> {
  return startService({
    socket: ({ url }, socket): Taker => {
      const send = (message: object): void => socket.send(JSON.stringify(message));
      if (url.pathname === '/v1/listen') {
        const words = [{ word: 'car', start: 0.1, end: 0.4, confidence: 0.9, punctuated_word: 'car.' }];
        const hear = afterSound(() => {
          send({ type: 'SpeechStarted', channel: [0], timestamp: 0.1 });
          send({
            type: 'Results',
            is_final: true,
            speech_final: true,
            start: 0,
            duration: 0.5,
            channel_index: [0, 1],
            metadata: { request_id: 'r1' },
            channel: { alternatives: [{ transcript: WORDS, confidence: 0.9, words }] },
          });
        });
        return { bytes: ({ length }) => hear(length) };
      }
      return {
        text: ({ type }) => {
          if (type === 'Speak') socket.send(sound());
          if (type === 'Flush') {
            socket.send(sound());
            send({ type: 'Flushed', sequence_id: 0 });
          }
          if (type === 'Close') socket.close();
        },
      };
    },
  });
}

export async function startCartesia(): Promise<Saying> {
  const said: Record<string, unknown>[] = [];
  const service = await startService({
    socket: ({ url }, socket): Taker => {
      const send = (message: object): void => socket.send(JSON.stringify(message));
      if (url.pathname === '/stt/turns/websocket') {
        send({ type: 'connected', request_id: 'r1' });
        const hear = afterSound(() => {
          send({ type: 'turn.start', request_id: 'r1' });
          send({ type: 'turn.end', request_id: 'r1', transcript: WORDS });
        });
        return { bytes: ({ length }) => hear(length) };
      }
      return {
        text: (message) => {
          said.push(message);
          const base = { context_id: message.context_id, status_code: 206 };
          if (message.continue === true || String(message.transcript).trim() !== '')
            send({ ...base, type: 'chunk', data: sound().toString('base64'), done: false, step_time: 1 });
          if (message.continue === true) return;
          send({ ...base, type: 'chunk', data: sound().toString('base64'), done: false, step_time: 1 });
          send({ ...base, type: 'done', done: true, status_code: 200 });
        },
      };
    },
  });
  return { ...service, said };
}

export async function startSarvam(): Promise<Saying> {
  const said: Record<string, unknown>[] = [];
  const service = await startService({
    http: ({ url, body }, response) => {
      if (url.pathname !== '/speech-to-text' || !body.includes('WAVE'))
        return void response.writeHead(404).end();
      sendJson(response, { request_id: 'r1', transcript: WORDS, language_code: 'hi-IN' });
    },
    socket: (_asked, socket): Taker => ({
      text: (message) => {
        said.push(message);
        const audio = { content_type: 'audio/pcm', audio: sound().toString('base64') };
        if (message.type === 'text') socket.send(JSON.stringify({ type: 'audio', data: audio }));
        if (message.type !== 'flush') return;
        socket.send(JSON.stringify({ type: 'audio', data: audio }));
        socket.send(JSON.stringify({ type: 'event', data: { event_type: 'final' } }));
      },
    }),
  });
  return { ...service, said };
}

export function startElevenLabs(): Promise<Service> {
  return startService({
    socket: ({ url }, socket): Taker => {
      const send = (message: object): void => socket.send(JSON.stringify(message));
      if (url.pathname.endsWith('/speech-to-text/realtime')) {
        send({ message_type: 'session_started', session_id: 's1' });
        const hear = afterSound(() => {
          send({ message_type: 'partial_transcript', text: 'I want' });
          send({ message_type: 'committed_transcript', text: WORDS });
        });
        return {
          text: ({ message_type: type, audio_base_64: audio }) => {
            if (type === 'input_audio_chunk') hear(Buffer.from(String(audio), 'base64').length);
          },
        };
      }
      return {
        text: ({ text, context_id: contextId, close_context: closes }) => {
          if (typeof text === 'string' && text.trim() !== '')
            send({ contextId, audio: sound(22_050).toString('base64') });
          if (closes !== true) return;
          send({ contextId, audio: sound(22_050).toString('base64') });
          send({ contextId, isFinal: true });
        },
      };
    },
  });
}
