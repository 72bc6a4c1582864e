import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { customerLine, UNRECOGNISED_SPEECH } from '../../agent-host/lab/phrases.ts';
import { startLabServer, type LabServer } from '../../agent-host/lab/server.ts';
import { AGENT_VOICE, CUSTOMER_VOICES, speak } from '../../agent-host/lab/voice.ts';
import { decodeWav, encodeWav } from '../../agent-host/lab/wav.ts';
import { noise } from './telephone-line.ts';

let server: LabServer;

beforeAll(async () => {
  server = await startLabServer({ port: 0 });
}, 60_000);
afterAll(() => server.close());
afterEach(() => setFaults({ stt: 'ok', llm: 'ok', tts: 'ok' }));

const at = (path: string) => `${server.url}${path}`;
const post = (path: string, body: unknown, signal?: AbortSignal) =>
  fetch(at(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
const setFaults = (faults: object) => post('/lab/faults', faults);

function transcribe(
  samples: Int16Array,
  sampleRate: number,
  fields: Record<string, string> = {},
): Promise<Response> {
  const form = new FormData();
  form.set('file', new Blob([encodeWav({ samples, sampleRate }) as Uint8Array<ArrayBuffer>]), 'sound.wav');
  form.set('model', 'lab-stt');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return fetch(at('/v1/audio/transcriptions'), { method: 'POST', body: form });
}

async function expectRefusal(response: Response, status: number): Promise<void> {
  expect(response.status).toBe(status);
  const body = (await response.json()) as { error: { message: string; type: string } };
  expect(body.error.message).toBeTruthy();
  expect(body.error.type).toBe(status >= 500 ? 'server_error' : 'invalid_request_error');
}

describe('transcriptions', () => {
  test('a line in a WAV file is written down, at any rate', async () => {
    const text = customerLine('seven-seats');
    for (const sampleRate of [16_000, 24_000, 48_000]) {
      const spoken = await speak(text, { ...CUSTOMER_VOICES.carol, sampleRate });
      expect(await (await transcribe(spoken, sampleRate)).json()).toEqual({ text });
    }
  });

  test('unknown speech is marked, a short sound and silence are empty', async () => {
    const unknown = await speak('My cat does not like the vacuum cleaner.', {
      ...CUSTOMER_VOICES.alice,
      sampleRate: 24_000,
    });
    expect(await (await transcribe(unknown, 24_000)).json()).toEqual({ text: UNRECOGNISED_SPEECH });
    expect(await (await transcribe(noise(200, 24_000, 8_000), 24_000)).json()).toEqual({ text: '' });
    expect(await (await transcribe(new Int16Array(24_000), 24_000)).json()).toEqual({ text: '' });
    expect(await (await transcribe(new Int16Array(0), 24_000)).json()).toEqual({ text: '' });
  });

  test('the response formats text and verbose_json are known', async () => {
    const spoken = await speak(customerLine('warranty'), { ...CUSTOMER_VOICES.derek, sampleRate: 24_000 });
    expect(await (await transcribe(spoken, 24_000, { response_format: 'text' })).text()).toBe(
      `${customerLine('warranty')}\n`,
    );
    expect(
      await (await transcribe(spoken, 24_000, { response_format: 'verbose_json' })).json(),
    ).toMatchObject({
      text: customerLine('warranty'),
      duration: expect.closeTo(spoken.length / 24_000),
    });
  });

  test('what is not a form, has no file or is not a WAV is refused', async () => {
    await expectRefusal(await post('/v1/audio/transcriptions', {}), 400);
    const broken = {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: 'nonsense',
    };
    await expectRefusal(await fetch(at('/v1/audio/transcriptions'), broken), 400);
    const form = new FormData();
    form.set('model', 'lab-stt');
    await expectRefusal(await fetch(at('/v1/audio/transcriptions'), { method: 'POST', body: form }), 400);
    for (const bytes of ['', 'RIFF', 'RIFF1234WAVEdata', 'x'.repeat(500)]) {
      form.set('file', new Blob([bytes]), 'sound.wav');
      await expectRefusal(await fetch(at('/v1/audio/transcriptions'), { method: 'POST', body: form }), 400);
    }
  });
});

describe('chat completions', () => {
  const request = (content: string, more: object = {}) => ({
    model: 'lab-llm',
    messages: [
      { role: 'system', content: 'You work for CME Auto Sales.' },
      { role: 'user', content: [{ type: 'text', text: content }] },
    ],
    ...more,
  });
  const tools = ['request_human', 'end_call'].map((name) => ({
    type: 'function',
    function: { name, parameters: {} },
  }));

  async function streamed(body: object) {
    const text = await (await post('/v1/chat/completions', { ...body, stream: true })).text();
    const events = text
      .split('\n\n')
      .filter(Boolean)
      .map((event) => event.replace(/^data: /, ''));
    expect(events.at(-1)).toBe('[DONE]');
    return events.slice(0, -1).map((event) => JSON.parse(event));
  }

  test('an answer comes whole', async () => {
    const body = await (await post('/v1/chat/completions', request(customerLine('warranty')))).json();
    expect(body).toMatchObject({
      object: 'chat.completion',
      choices: [
        {
          message: { role: 'assistant', content: expect.stringMatching(/^There is indeed/) },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: expect.any(Number) },
    });
  });

  test('an answer comes word by word, with the usage when it is asked for', async () => {
    const chunks = await streamed(
      request(customerLine('warranty'), { stream_options: { include_usage: true } }),
    );
    const words = chunks.flatMap((chunk) => chunk.choices[0]?.delta.content || []);
    expect(words.length).toBeGreaterThan(10);
    expect(words.join('')).toMatch(/^There is indeed\. .* not included\.$/);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    expect((await streamed(request('hello'))).at(-1).usage).toBeUndefined();
  });

  test('a tool is called in both ways', async () => {
    const body = request(customerLine('real-person'), { tools });
    const whole = await (await post('/v1/chat/completions', body)).json();
    const call = {
      type: 'function',
      function: { name: 'request_human', arguments: expect.stringContaining('reason') },
    };
    expect(whole).toMatchObject({
      choices: [{ message: { content: null, tool_calls: [call] }, finish_reason: 'tool_calls' }],
    });
    const chunks = await streamed(body);
    expect(chunks.find((chunk) => chunk.choices[0].delta.tool_calls)).toMatchObject({
      choices: [{ delta: { tool_calls: [call] } }],
    });
    expect(chunks.at(-1).choices[0].finish_reason).toBe('tool_calls');
  });

  test('after a tool its name is found by the id of the call', async () => {
    const messages = [
      { role: 'user', content: customerLine('thanks-goodbye') },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'end_call', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'done' },
    ];
    const body = await (await post('/v1/chat/completions', { model: 'x', messages })).json();
    expect(body).toMatchObject({ choices: [{ message: { content: 'Take care.' } }] });
  });

  test('what is not a chat request is refused', async () => {
    await expectRefusal(await fetch(at('/v1/chat/completions'), { method: 'POST', body: '{broken' }), 400);
    for (const body of [
      null,
      [],
      {},
      { model: 'x' },
      { model: 'x', messages: [] },
      { model: 'x', messages: [{ role: 'king' }] },
    ]) {
      await expectRefusal(await post('/v1/chat/completions', body), 400);
    }
  });
});

describe('speech', () => {
  test('pcm is 24 kHz in whole frames of 100 ms, and wav holds the same', async () => {
    const speech = (format: string) =>
      post('/v1/audio/speech', { model: 'lab-tts', input: 'Good choice.', response_format: format });
    const pcm = await (await speech('pcm')).arrayBuffer();
    expect(pcm.byteLength % 4_800).toBe(0);
    expect(pcm.byteLength).toBeGreaterThan(24_000);
    const wav = decodeWav(new Uint8Array(await (await speech('wav')).arrayBuffer()));
    expect(wav.sampleRate).toBe(24_000);
    expect(wav.samples.length * 2).toBe(pcm.byteLength);
  });

  test('faster speech is shorter', async () => {
    const length = async (speed: number) =>
      (
        await (
          await post('/v1/audio/speech', {
            model: 'x',
            input: 'We have a copper one now.',
            response_format: 'pcm',
            speed,
          })
        ).arrayBuffer()
      ).byteLength;
    expect(await length(1.5)).toBeLessThan(await length(0.8));
  });

  test('other formats, no text and too much text are refused', async () => {
    await expectRefusal(
      await post('/v1/audio/speech', { model: 'x', input: 'a', response_format: 'mp3' }),
      400,
    );
    await expectRefusal(
      await post('/v1/audio/speech', { model: 'x', input: '', response_format: 'pcm' }),
      400,
    );
    await expectRefusal(
      await post('/v1/audio/speech', { model: 'x', input: 'a'.repeat(5_000), response_format: 'pcm' }),
      400,
    );
  });

  test('a voice that does not exist is an error and not silence', async () => {
    await expect(
      speak('Hello there.', { ...AGENT_VOICE, voice: 'en-gb', sampleRate: 24_000 }),
    ).rejects.toThrow(RangeError);
  });
});

describe('the rest', () => {
  test('models and health are listed', async () => {
    expect(await (await fetch(at('/v1/models'))).json()).toMatchObject({
      object: 'list',
      data: [{ id: 'lab-stt' }, { id: 'lab-llm' }, { id: 'lab-tts' }],
    });
    expect(await (await fetch(at('/health'))).json()).toMatchObject({
      ok: true,
      requests: expect.any(Number),
      errors: expect.any(Number),
    });
  });

  test('an unknown address and a wrong method are refused', async () => {
    await expectRefusal(await fetch(at('/v1/nothing')), 404);
    await expectRefusal(await fetch(at('/v1/chat/completions')), 404);
  });

  test('a service that was told to fail fails, and recovers', async () => {
    const chat = { model: 'x', messages: [{ role: 'user', content: 'hello' }] };
    expect(await (await setFaults({ llm: 'fail' })).json()).toEqual({ stt: 'ok', llm: 'fail', tts: 'ok' });
    await expectRefusal(await post('/v1/chat/completions', chat), 500);
    await setFaults({ llm: 'ok' });
    expect((await post('/v1/chat/completions', chat)).status).toBe(200);
  });

  test('a service that was told to hang never answers, and the others do', async () => {
    await setFaults({ tts: 'hang' });
    const speech = post(
      '/v1/audio/speech',
      { model: 'x', input: 'a', response_format: 'pcm' },
      AbortSignal.timeout(300),
    );
    await expect(speech).rejects.toThrow();
    expect((await fetch(at('/v1/models'))).status).toBe(200);
  });

  test('an unknown fault is refused', async () => {
    await expectRefusal(await setFaults({ llm: 'explode' }), 400);
    await expectRefusal(await setFaults({ brain: 'fail' }), 400);
  });
});
