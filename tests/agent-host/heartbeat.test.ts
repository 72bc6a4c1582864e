import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Heartbeat } from '../../protocol/fleet.ts';
import { HeartbeatSchema } from '../../protocol/fleet.ts';
import { Heartbeats } from '../../agent-host/src/heartbeat.ts';

const state: Heartbeat = {
  protocol: 1,
  hostId: 'host-1',
  agentName: 'host-1',
  startedAtMs: 1,
  seats: 4,
  activeCallIds: ['call1'],
  draining: false,
  callsFailed: 0,
  callsServed: 0,
  firstAudioP95Ms: null,
};
let received: { body: unknown; authorization: string | undefined }[];
let status: number;
let reply: string;
let warnings: string[];
let heartbeats: Heartbeats;
let onDrain: ReturnType<typeof vi.fn<() => void>>;
let onAnnounced: ReturnType<typeof vi.fn<(heartbeat: Heartbeat) => void>>;
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk: Buffer) => (text += chunk.toString()));
  request.on('end', () => {
    received.push({ body: JSON.parse(text), authorization: request.headers.authorization });
    response.statusCode = status;
    response.end(reply);
  });
});

beforeEach(async () => {
  received = [];
  status = 200;
  reply = '{"instruction":"carryOn","announcements":[]}';
  warnings = [];
  onDrain = vi.fn();
  onAnnounced = vi.fn();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  heartbeats = new Heartbeats({
    workerUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    agentHostKey: 'key',
    state: () => state,
    onDrain,
    onAnnouncement: () => undefined,
    onRehearsal: () => undefined,
    onAnnounced,
    log: { info: () => undefined, warn: (message) => warnings.push(message) },
  });
});
afterEach(async () => {
  heartbeats.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a heartbeat is authorised and says what the roster needs', async () => {
  await heartbeats.now();
  expect(received[0]?.authorization).toBe('Bearer key');
  expect(HeartbeatSchema.safeParse(received[0]?.body).success).toBe(true);
  expect(onAnnounced).toHaveBeenCalledExactlyOnceWith(state);
  expect(onDrain).not.toHaveBeenCalled();
});

test('a Worker that no longer speaks our protocol makes the host drain', async () => {
  reply = '{"instruction":"drain","announcements":[]}';
  await heartbeats.now();
  expect(onDrain).toHaveBeenCalledOnce();
});

test('a heartbeat that fails is said once, tried again soon, and never throws', async () => {
  status = 503;
  await heartbeats.now();
  await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(2), { timeout: 3_000 });
  expect(warnings).toHaveLength(1);
  status = 200;
  reply = 'not JSON';
  await heartbeats.now();
  expect(onAnnounced).not.toHaveBeenCalled();
  reply = '{"instruction":"carryOn","announcements":[]}';
  await heartbeats.now();
  expect(onAnnounced).toHaveBeenCalledOnce();
});
