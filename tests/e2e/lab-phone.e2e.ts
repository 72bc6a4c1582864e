import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CallEvent } from '../../domain/call/fact.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';
import { LAB_CARRIER_ID, LAB_LINE } from '../../scripts/stack/lab-carrier.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';
import { allowed } from '../domain/dialled-call.ts';
import { zoneThatIs } from './campaign-people.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    name: 'e2e-lab-phone',
    keepState: false,
    web: 'none',
    labCalls: 0,
    seats: 4,
    minify: true,
    progress: () => undefined,
  });
});

afterAll(() => stack?.stop());

const MESSAGE = 'This is Harbour Loans. Please call us back. Goodbye.';

/** What the dialer writes before it requests a call: without it nothing rings (DIAL-1, DIAL-6). */
async function takeSlot(callId: string, number: string): Promise<void> {
  const always = [{ from: 0, to: 1440 }];
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const windows = Object.fromEntries(days.map((day) => [day, always]));
  const { database } = stack.worker;
  await database.batch([
    database
      .prepare(
        `INSERT INTO campaigns (campaign_id, name, status, settings, version, created_at_ms)
         VALUES ('k', 'x', 'draft', ?1, 1, 0) ON CONFLICT DO NOTHING`,
      )
      .bind(JSON.stringify({ windows })),
    database
      .prepare(
        `INSERT INTO leads (lead_id, campaign_id, phone, zone, fields, status, created_at_ms)
         VALUES (?1, 'k', ?2, ?3, '{}', 'dialling', 0)`,
      )
      .bind(callId, number, zoneThatIs(true, number, 600_000)),
    database
      .prepare(
        `INSERT INTO dials (call_id, lead_id, phone, carrier_id, started_at_ms) VALUES (?1, ?1, ?2, ?3, ?4)`,
      )
      .bind(callId, number, LAB_CARRIER_ID, Date.now()),
  ]);
}

/** Rings a number of the lab, as the dialer would, and gives the ledger of the call when it is over. */
async function dial(number: string, voicemail: 'hangUp' | 'leaveMessage' = 'hangUp'): Promise<CallEvent[]> {
  const callId = crypto.randomUUID();
  await takeSlot(callId, number);
  const room = await stack.worker.callRoom(callId);
  const taken = await room.take({
    type: 'requestCall',
    callId,
    epoch: callId,
    room: `call-${callId}`,
    profile: 'loan-interest',
    channel: 'lab',
    media: 'livekit',
    contact: { name: 'Robin Vale' },
    requestedBy: 'dialer',
    phone: { direction: 'outbound', number, line: LAB_LINE },
    dial: {
      carrierId: LAB_CARRIER_ID,
      carrier: 'lab',
      callerId: LAB_LINE,
      ringMs: 6_000,
      voicemail,
      decision: { ...allowed, callId, zone: { ...allowed.zone } },
    },
    briefing: { script: 'Ask whether they want a loan.', greeting: null, voicemailMessage: MESSAGE },
  });
  expect(taken.ok).toBe(true);
  return ended(callId);
}

const ended = (callId: string): Promise<CallEvent[]> =>
  vi.waitFor(
    async () => {
      const ledger = await stack.worker.archive.get(`calls/${callId}/ledger.ndjson`);
      if (ledger === null) throw new Error('the call goes on');
      return (await ledger.text())
        .trim()
        .split('\n')
        .map((line) => CallEventSchema.parse(JSON.parse(line)));
    },
    { timeout: 120_000, interval: 500 },
  );

const types = (events: readonly CallEvent[]): string[] => events.map((event) => event.type);
const find = <T extends CallEvent['type']>(events: readonly CallEvent[], type: T) =>
  events.find((event): event is Extract<CallEvent, { type: T }> => event.type === type);

/** Nobody is rung before an agent is there, and once (DIAL-2, DIAL-3). */
function expectRungOnce(events: readonly CallEvent[]): void {
  const order = types(events);
  expect(order.filter((type) => type === 'dialStarted')).toHaveLength(1);
  expect(order.indexOf('agentJoined')).toBeLessThan(order.indexOf('dialStarted'));
}

/** What campaigns do not show: tests/e2e/campaign.e2e.ts has those who answer, are busy, or never want to be called again. */
describe('the lab’s telephones', () => {
  test('AMD-1 a mailbox is known for one, hears the message after its tone, and is a voicemail', async () => {
    const events = await dial('+12125550150', 'leaveMessage');
    expectRungOnce(events);
    expect(find(events, 'answeredBy')).toMatchObject({ verdict: 'machine' });
    expect(find(events, 'answeredBy')?.afterMs).toBeLessThanOrEqual(8_500);
    expect(find(events, 'callEnded')).toMatchObject({ outcome: 'voicemail', endedBy: 'agent' });
    const said = events.flatMap((event) =>
      event.type === 'wordsSpoken' && event.speaker === 'agent' ? [event.text] : [],
    );
    expect(said.at(-1)).toBe(MESSAGE);
  });

  test('an inbound call to a line of ours is answered by its profile; an unknown line by nobody', async () => {
    const ring = (to: string) =>
      fetch(`${stack.labPhoneUrl}/inbound`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          attempt: 'attempt-0001',
          from: '+12125550199',
          to,
          behaviour: 'short-answer',
        }),
      });
    expect((await ring('+12125550777')).status).toBe(404);
    const answered = await ring(LAB_LINE);
    expect(answered.status).toBe(202);
    const { callId } = (await answered.json()) as { callId: string };
    const events = await ended(callId);
    expect(events[0]).toMatchObject({
      profile: 'auto-sales',
      phone: { direction: 'inbound', number: '+12125550199', line: LAB_LINE },
    });
    expect(types(events)).toContain('wordsSpoken');
    expect(types(events)).not.toContain('dialStarted');
  });
});
