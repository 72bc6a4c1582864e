import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { customerLine, UNRECOGNISED_SPEECH } from '../../agent-host/lab/phrases.ts';
import { startLabServer, type LabServer } from '../../agent-host/lab/server.ts';
import { CUSTOMER_VOICES, speak } from '../../agent-host/lab/voice.ts';
import { encodePcm16 } from '../../agent-host/lab/wav.ts';
import { GOOD_LINE, noise, overTheLine } from './telephone-line.ts';

const RATE = 24_000;
/** The plugin sends pieces of 50 ms. */
const PIECE = RATE / 20;
const DELTA = 'conversation.item.input_audio_transcription.delta';
const COMPLETED = 'conversation.item.input_audio_transcription.completed';

interface ServerEvent {
  readonly type: string;
  readonly item_id?: string;
  readonly delta?: string;
  readonly transcript?: string;
  readonly error?: { message: string; type: string };
}

let server: LabServer;
const sessions: Session[] = [];

beforeAll(async () => {
  server = await startLabServer({ port: 0 });
}, 60_000);
afterAll(() => server.close());
afterEach(async () => {
  for (const session of sessions.splice(0)) session.socket.terminate();
  await fetch(`${server.url}/lab/faults`, { method: 'POST', body: JSON.stringify({ stt: 'ok' }) });
});

class Session {
  readonly events: ServerEvent[] = [];
  readonly socket: WebSocket;

  constructor() {
    this.socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/v1/realtime?intent=transcription&model=lab-stt`,
    );
    this.socket.on('message', (data) => this.events.push(JSON.parse(String(data)) as ServerEvent));
    sessions.push(this);
  }

  async open(turnDetection: object | null = null): Promise<this> {
    await new Promise((resolve, reject) => this.socket.once('open', resolve).once('error', reject));
    this.send({
      type: 'session.update',
      session: { type: 'transcription', audio: { input: { turn_detection: turnDetection } } },
    });
    return this;
  }

  send(event: object): void {
    this.socket.send(JSON.stringify(event));
  }

  hear(samples: Int16Array): void {
    for (let i = 0; i < samples.length; i += PIECE) {
      const audio = Buffer.from(encodePcm16(samples.subarray(i, i + PIECE))).toString('base64');
      this.send({ type: 'input_audio_buffer.append', audio });
    }
  }

  commit(): void {
    this.send({ type: 'input_audio_buffer.commit' });
  }

  async waitFor(type: string, count = 1): Promise<ServerEvent[]> {
    return expect
      .poll(() => this.events.filter((event) => event.type === type), { timeout: 5_000 })
      .toHaveLength(count)
      .then(() => this.events.filter((event) => event.type === type));
  }
}

async function line(id: string, voice: keyof typeof CUSTOMER_VOICES = 'alice'): Promise<Int16Array> {
  return overTheLine(
    await speak(customerLine(id), { ...CUSTOMER_VOICES[voice], sampleRate: RATE }),
    RATE,
    GOOD_LINE,
  );
}

test('words come while they are spoken, each once, and then the line as one final', async () => {
  const session = await new Session().open();
  for (const id of ['family-car', 'visit-thursday', 'documents']) {
    session.events.length = 0;
    session.hear(await line(id));
    session.commit();
    const [final] = await session.waitFor(COMPLETED);
    const deltas = session.events.filter(({ type }) => type === DELTA);
    expect(final?.transcript).toBe(customerLine(id));
    expect(deltas.length).toBeGreaterThan(1);
    expect(customerLine(id).startsWith(deltas.map(({ delta }) => delta).join(''))).toBe(true);
    expect(new Set([final, ...deltas].map((event) => event?.item_id)).size).toBe(1);
  }
});

test('the quiet between two turns does not matter, nor does a click in it', async () => {
  const session = await new Session().open();
  session.hear(noise(4_000, RATE, 12));
  session.hear(noise(60, RATE, 9_000));
  session.hear(noise(3_000, RATE, 12));
  session.hear(await line('warranty', 'bruce'));
  session.commit();
  expect((await session.waitFor(COMPLETED))[0]?.transcript).toBe(customerLine('warranty'));
});

test('a line that is broken off gives the words that were said', async () => {
  const session = await new Session().open();
  const whole = await line('ask-brother');
  session.hear(whole.subarray(0, Math.round(whole.length * 0.6)));
  session.hear(noise(300, RATE, 12));
  session.commit();
  const transcript = (await session.waitFor(COMPLETED))[0]?.transcript ?? '';
  expect(transcript.split(' ').length).toBeGreaterThan(3);
  expect(customerLine('ask-brother').startsWith(`${transcript} `)).toBe(true);
});

test('unknown speech is marked, and a turn without speech is empty', async () => {
  const session = await new Session().open();
  session.hear(
    await speak('My cat does not like the vacuum cleaner.', { ...CUSTOMER_VOICES.alice, sampleRate: RATE }),
  );
  session.hear(noise(300, RATE, 12));
  session.commit();
  session.hear(noise(150, RATE, 4_000));
  session.hear(noise(300, RATE, 12));
  session.commit();
  session.commit();
  const finals = await session.waitFor(COMPLETED, 3);
  expect(finals.map(({ transcript }) => transcript)).toEqual([UNRECOGNISED_SPEECH, '', '']);
});

test('with server_vad a pause ends the turn', async () => {
  const session = await new Session().open({ type: 'server_vad', silence_duration_ms: 350 });
  session.hear(await line('seven-seats'));
  session.hear(noise(600, RATE, 12));
  expect((await session.waitFor(COMPLETED))[0]?.transcript).toBe(customerLine('seven-seats'));
  const types = session.events
    .map(({ type }) => type)
    .filter((type) => type.startsWith('input_audio_buffer.speech'));
  expect(types).toEqual(['input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped']);
});

test('events that make no sense are answered with an error, and the session goes on', async () => {
  const session = await new Session().open();
  session.socket.send('{broken');
  session.socket.send(Buffer.from([0, 1, 2]));
  session.send({ type: 'input_audio_buffer.append' });
  session.send({ type: 'input_audio_buffer.append', audio: '***' });
  session.send({ type: 'session.update', session: 7 });
  session.send({ type: 'unheard.of' });
  const errors = await session.waitFor('error', 6);
  expect(errors.every(({ error }) => error?.type === 'invalid_request_error')).toBe(true);
  session.hear(await line('warranty'));
  session.commit();
  expect((await session.waitFor(COMPLETED))[0]?.transcript).toBe(customerLine('warranty'));
});

test('a session is failed in the middle when transcription is told to fail, and new ones are refused', async () => {
  const session = await new Session().open();
  const closed = new Promise((resolve) => session.socket.once('close', resolve));
  await fetch(`${server.url}/lab/faults`, { method: 'POST', body: JSON.stringify({ stt: 'fail' }) });
  session.hear(noise(50, RATE, 12));
  await session.waitFor('error');
  await closed;
  await expect(new Session().open()).rejects.toThrow('500');
});

test('other addresses are refused', async () => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/other`);
  await expect(
    new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject)),
  ).rejects.toThrow('404');
});
