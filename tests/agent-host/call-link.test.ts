import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Observation } from '../../domain/call/input.ts';
import type { Log } from '../../agent-host/src/log.ts';
import type { DoorStandIn } from './door-stand-in.ts';
import { CallLink } from '../../agent-host/src/call-link.ts';
import { startDoor } from './door-stand-in.ts';

const logged: { message: string; fields: unknown }[] = [];
const log: Log = {
  info: (message, fields) => logged.push({ message, fields }),
  warn: (message, fields) => logged.push({ message, fields }),
};
let door: DoorStandIn;
let links: CallLink[] = [];

beforeEach(async () => {
  logged.length = 0;
  door = await startDoor();
});
afterEach(async () => {
  for (const link of links) link.close();
  links = [];
  await door.close();
});

function newLink(
  onLeave: (reason: string) => void = () => undefined,
  workerUrl = door.url,
  measuresWaitMs?: number,
): CallLink {
  const link = new CallLink({
    ...(measuresWaitMs !== undefined && { measuresWaitMs }),
    workerUrl,
    callId: 'call1',
    doorToken: 'token',
    identity: 'agent-1',
    log,
    onLeave,
  });
  links.push(link);
  return link;
}
const said = (n: number): Observation => ({
  type: 'wordsSpoken',
  utteranceId: `u${n}`,
  speaker: 'agent',
  text: `secret words ${n}`,
  startedAtMs: n,
  endedAtMs: n,
  interrupted: false,
});

test('an agent says hello with its own door token and is told what it needs', async () => {
  const opened = await newLink().open();
  expect(opened).toMatchObject({ ok: true, welcome: { callId: 'call1', successor: false } });
  expect(door.hellos[0]?.authorization).toBe('Bearer token');
});

test('LEDGER-1 unacknowledged observations are sent again, in the same order, after connections that broke', async () => {
  const link = newLink();
  await link.open();
  door.cutBeforeAck = 3;
  for (let n = 0; n < 20; n++) {
    link.observe(said(n));
    if (n % 5 === 0) await sleep(20);
  }
  await vi.waitFor(() => expect(link.owed).toBe(0), { timeout: 5_000 });
  expect(door.utterances).toEqual(Array.from({ length: 20 }, (_, n) => `u${n}`));
  expect(door.hellos.length).toBeGreaterThanOrEqual(4);
  // The same agent came back each time.
  expect(new Set(door.hellos.map(({ session }) => session)).size).toBe(1);
});

const measured = (n: number): Observation => ({
  type: 'turnMeasured',
  turnId: `t${n}`,
  endOfTurnMs: null,
  sttMs: null,
  llmMs: null,
  ttsMs: null,
  totalMs: n,
});

test('what is observed in one turn travels in one message, and measures with the next words', async () => {
  const link = newLink();
  await link.open();
  link.observe(measured(1));
  await sleep(20);
  link.observe(said(1));
  link.observe(measured(2));
  await vi.waitFor(() => expect(link.owed).toBe(0));
  expect(door.messages).toEqual([3]);
});

test('measures for which no words come go out by themselves, and at the latest as the agent leaves', async () => {
  const link = newLink(undefined, undefined, 50);
  await link.open();
  link.observe(measured(1));
  await vi.waitFor(() => expect(link.owed).toBe(0));
  const patient = newLink(undefined, undefined, 60_000);
  await patient.open();
  patient.observe(measured(2));
  expect(await patient.flush(2_000)).toBe(0);
  expect(door.messages).toEqual([1, 1]);
});

test('LEDGER-1 a Worker that was killed and comes back has lost nothing', async () => {
  const link = newLink();
  await link.open();
  link.observe(said(0));
  await vi.waitFor(() => expect(link.owed).toBe(0));
  const { port } = new URL(door.url);
  const { ledger } = door;
  await door.close();
  for (let n = 1; n < 10; n++) link.observe(said(n));
  await sleep(300);
  door = await startDoor(Number(port), ledger);
  await vi.waitFor(() => expect(link.owed).toBe(0), { timeout: 4_000 });
  expect(door.ledger).toHaveLength(10);
});

test('interims are sent while the door is open, and never afterwards', async () => {
  const link = newLink();
  await link.open();
  const interim = (text: string) =>
    link.interim({ utteranceId: 'u', speaker: 'customer', text, startedAtMs: 1 });
  interim('before');
  await vi.waitFor(() => expect(door.interims).toEqual(['before']));
  door.cut();
  await sleep(20);
  interim('while it was down');
  link.observe(said(1));
  await vi.waitFor(() => expect(link.owed).toBe(0), { timeout: 3_000 });
  expect(door.interims).toEqual(['before']);
});

test.each([
  ['agent_present', 4409],
  ['agent_superseded', 4409],
  ['call_ended', 4410],
  ['protocol_unsupported', 4426],
])('DISPATCH-3 an agent refused with %s gives up at once', async (code, close) => {
  door.refuseHello = () => ({ code, close });
  const left = vi.fn();
  expect(await newLink(left).open()).toEqual({ ok: false, code });
  await sleep(300);
  expect(door.hellos).toHaveLength(1);
  expect(left).not.toHaveBeenCalled();
});

test('an offer that is not written yet is asked for again', async () => {
  const until = Date.now() + 500;
  door.refuseHello = () => (Date.now() < until ? { code: 'offer_unknown', close: 1013 } : undefined);
  expect(await newLink().open()).toMatchObject({ ok: true });
  expect(door.hellos.length).toBeGreaterThan(1);
});

test('an offer that stays unknown is given up after 3 s', async () => {
  door.refuseHello = () => ({ code: 'offer_unknown', close: 1013 });
  const startedAtMs = Date.now();
  expect(await newLink().open()).toEqual({ ok: false, code: 'offer_unknown' });
  expect(Date.now() - startedAtMs).toBeGreaterThan(2_500);
  expect(Date.now() - startedAtMs).toBeLessThan(6_000);
});

test('a token that opens no door is not tried again', async () => {
  door.upgradeStatus = 401;
  expect(await newLink().open()).toEqual({ ok: false, code: 'unauthenticated' });
});

test('an agent that was replaced while its line was down leaves', async () => {
  const left = vi.fn();
  const link = newLink(left);
  await link.open();
  door.refuseHello = () => ({ code: 'agent_superseded', close: 4409 });
  door.cut();
  await vi.waitFor(() => expect(left).toHaveBeenCalledExactlyOnceWith('agent_superseded'), {
    timeout: 3_000,
  });
});

test('a call that ended while the line was down is left, and still gets its last words', async () => {
  const left = vi.fn();
  const link = newLink(left);
  await link.open();
  door.ended = true;
  door.cut();
  link.observe(said(1));
  await vi.waitFor(() => expect(left).toHaveBeenCalledOnce(), { timeout: 3_000 });
  expect(await link.flush(1_000)).toBe(0);
});

test('the Worker can send an agent away', async () => {
  const left = vi.fn();
  await newLink(left).open();
  door.say({ type: 'leave', reason: 'hung up by a supervisor' });
  await vi.waitFor(() => expect(left).toHaveBeenCalledExactlyOnceWith('hung up by a supervisor'));
});

test('an observation refused for good is not sent again, and is logged by its code alone', async () => {
  const link = newLink();
  await link.open();
  door.refuseObservation = () => 'spoken_after_end';
  link.observe(said(1));
  expect(await link.flush(1_000)).toBe(0);
  door.refuseObservation = undefined;
  door.cut();
  link.observe(said(2));
  expect(await link.flush(3_000)).toBe(0);
  expect(door.ledger).toHaveLength(1);
  expect(logged).toContainEqual({ message: 'observation refused', fields: { code: 'spoken_after_end' } });
});

test('a connection that no longer answers pings is replaced', async () => {
  const link = newLink();
  await link.open();
  door.answersPings = false;
  await vi.waitFor(() => expect(door.hellos.length).toBe(2), { timeout: 8_000, interval: 100 });
  expect(door.pings).toBeGreaterThan(0);
}, 10_000);

test('the last words go through POST when no socket can be had', async () => {
  const link = newLink();
  await link.open();
  door.upgradeStatus = 503;
  door.cut();
  for (let n = 0; n < 250; n++) link.observe(said(n));
  expect(await link.flush(3_000)).toBe(0);
  expect(door.posts).toEqual([200, 50]);
  expect(door.ledger).toHaveLength(250);
});

test('what cannot be delivered is counted, without a word of it', async () => {
  const link = newLink();
  await link.open();
  await door.close();
  link.observe(said(1));
  link.observe(said(2));
  expect(await link.flush(500)).toBe(2);
  expect(logged).toContainEqual({ message: 'observations lost', fields: { count: 2 } });
  expect(JSON.stringify(logged)).not.toContain('secret');
});
