import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { toolDoor } from '../../agent-host/src/tools/tool-door.ts';

const seen: { url: string; authorization: string | undefined; body: { useId: string } }[] = [];
const answers: ({ status: number; body?: object } | 'cut' | 'hang')[] = [];
const server = createServer((request: IncomingMessage, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { useId: string };
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization, body });
    const answer = answers.shift() ?? { status: 200, body: { ok: true, result: 1 } };
    if (answer === 'hang') return;
    if (answer === 'cut') return request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body ?? {}));
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const workerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const warn = vi.fn<(message: string, fields?: object) => void>();
const door = toolDoor({ workerUrl, callId: 'call1', doorToken: 'token', log: { warn } });
const use = () => door.use('stock', { model: 'Golf' }, { tryMs: 300, signal: new AbortController().signal });

afterEach(() => {
  seen.length = 0;
  answers.length = 0;
  warn.mockClear();
});

test('TOOL-2 a door that is down is tried once more under the same id, and then given up', async () => {
  answers.push('cut', { status: 200, body: { ok: true, result: 7 } });
  expect(await use()).toEqual({ ok: true, result: 7 });
  expect(seen).toHaveLength(2);
  expect(seen[0]?.body.useId).toBe(seen[1]?.body.useId);
  expect(seen[0]).toMatchObject({ url: '/api/agent/calls/call1/tools/stock', authorization: 'Bearer token' });
  for (const twice of [
    ['cut', 'cut'],
    [{ status: 503 }, { status: 500 }],
    ['hang', 'hang'],
  ] as const) {
    answers.push(...twice);
    expect(await use()).toBe('down');
    expect(answers).toHaveLength(0);
  }
});

test('what the door refuses it refuses again: it is not asked twice', async () => {
  answers.push({ status: 409 });
  expect(await use()).toBe('down');
  expect(seen).toHaveLength(1);
});

test('nothing of what was given stands in the log', async () => {
  answers.push('cut', 'cut');
  await use();
  expect(JSON.stringify(warn.mock.calls)).not.toContain('Golf');
});
