import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Behaviour } from '../../agent-host/lab/scenarios.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import { demoVehicles } from '../../scripts/stack/demo-vehicles.ts';
import { LAB_LINE } from '../../scripts/stack/lab-carrier.ts';
import { signInCookie } from '../../scripts/stack/sign-in.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';
import { readBackVin } from '../../domain/speech/read-back.ts';
import type { CallerReport } from '../../agent-host/lab/caller.ts';
import { getResult } from '../../protocol/api/results.ts';
import { startLabCall } from './lab-call.ts';
import { Supervisor } from './supervisor.ts';

const [accord] = demoVehicles;
const TESLA = '5YJSA1E27HF000337';
const NEVER_AGAIN = '+12125550170';
const LATER = '+12125550190';

let stack: Stack;
let sam: Supervisor;
let admin: string;

beforeAll(async () => {
  stack = await startStack({
    name: 'e2e-agents',
    keepState: false,
    web: 'none',
    labCalls: 0,
    seats: 3,
    minify: true,
    agentHost: false,
    progress: (line) => console.log(line),
  });
  await stack.startAgentHost('local', { IDLE_PROCESSES: '3' });
  sam = await Supervisor.signIn(stack);
  const person = { email: 'admin@demo.earshot', password: 'earshot-demo' };
  admin = await signInCookie(stack.worker.url, stack.webUrl, person);
});

afterAll(async () => {
  await sam?.leaveAll();
  await stack?.stop();
});

interface Spoken {
  readonly callId: string;
  readonly report?: Promise<CallerReport>;
}

/** A conversation to its end. @returns its ledger, as an admin sees it */
async function ended({ callId, report }: Spoken): Promise<readonly CallEvent[]> {
  await report;
  const { events } = await sam.sees(callId, 'the end', (call) => call.phase === 'ended', 90_000);
  return events;
}

/** Somebody with a telephone calls our line. */
async function callIn(from: string, behaviour: Behaviour): Promise<Spoken> {
  const response = await fetch(`${stack.labPhoneUrl}/inbound`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ attempt: `attempt-${from.slice(-4)}`, from, to: LAB_LINE, behaviour }),
  });
  expect(response.status).toBe(202);
  return (await response.json()) as Spoken;
}

const of = <Type extends CallEvent['type']>(events: readonly CallEvent[], type: Type) =>
  events.filter((event): event is Extract<CallEvent, { type: Type }> => event.type === type);
const saidByAgent = (events: readonly CallEvent[]): string =>
  of(events, 'wordsSpoken')
    .filter(({ speaker }) => speaker === 'agent')
    .map(({ text }) => text)
    .join(' | ');
const row = <Row>(sql: string, ...values: string[]): Promise<Row | null> =>
  stack.worker.database
    .prepare(sql)
    .bind(...values)
    .first<Row>();
/** Which tools were used, in order, and whether they worked. */
const toolsIn = (events: readonly CallEvent[]): string[] =>
  of(events, 'toolUsed').map(({ tool, succeeded }) => (succeeded ? tool : `${tool} failed`));

describe('agents that know vehicles and ask questions', () => {
  let calls: { lookUp: Spoken; add: Spoken; loan: Spoken };
  beforeAll(async () => {
    const [lookUp, add, loan] = await Promise.all([
      startLabCall(stack, 'looks-up-vehicle', 4),
      startLabCall(stack, 'adds-vehicle', 5),
      startLabCall(stack, 'answers-questions', 6),
    ]);
    calls = { lookUp: lookUp!, add: add!, loan: loan! };
  });

  test('TOOL-3 a VIN that is spoken is read back, confirmed, looked up, and what is known is told', async () => {
    const events = await ended(calls.lookUp);
    expect(toolsIn(events)).toEqual(['look_up_vehicle', 'look_up_vehicle', 'read_vehicle', 'end_call']);
    const said = saidByAgent(events);
    expect(said).toContain(readBackVin(accord!.vin));
    expect(said).toContain('2003 Honda Accord');
    expect(said).toContain('silver');
    const [first, second] = of(events, 'toolUsed');
    // The first use only demanded the read-back; the customer's yes came before the second.
    expect(first?.gave).toContain('Not done yet');
    const yes = of(events, 'wordsSpoken').find(({ text }) => text.includes('exactly what is printed'));
    expect(yes?.seq).toBeLessThan(second?.seq ?? 0);
    expect(
      await row('SELECT vin, found FROM vehicle_lookups WHERE call_id = ?', calls.lookUp.callId),
    ).toEqual({ vin: accord!.vin, found: 1 });
  });

  test('TOOL-4 a VIN that nobody knows leads to a vehicle, confirmed and in D1', async () => {
    const events = await ended(calls.add);
    expect(toolsIn(events)).toEqual([
      ...['look_up_vehicle', 'look_up_vehicle', 'create_vehicle', 'create_vehicle', 'end_call'],
    ]);
    expect(await row('SELECT make, model, year, created_in_call FROM vehicles WHERE vin = ?', TESLA)).toEqual(
      {
        ...{ make: 'Tesla', model: 'Roadster', year: 2017, created_in_call: calls.add.callId },
      },
    );
    expect(saidByAgent(events)).toContain('2017 Tesla Roadster');
  });

  test('TOOL-5 questions about a loan are answered into the ledger, and interest is judged with its quote', async () => {
    const events = await ended(calls.loan);
    expect(
      Object.fromEntries(of(events, 'answerRecorded').map((each) => [each.question, each.answer])),
    ).toEqual({
      amount: 'about twenty thousand pounds',
      purpose: 'a bigger kitchen at home',
    });
    const result = await vi.waitFor(
      async () => {
        const response = await fetch(`${stack.worker.url}/api/calls/${calls.loan.callId}/result`, {
          headers: { cookie: admin },
        });
        expect(response.status).toBe(200);
        const judged = getResult.reply!.parse(await response.json());
        expect(judged.result.source).toBe('model');
        return judged.result;
      },
      { timeout: 30_000, interval: 500 },
    );
    expect(result.interest.level).not.toBe('none');
    expect(result.interest.quotes.length).toBeGreaterThan(0);
    for (const quote of result.interest.quotes) {
      const said = of(events, 'wordsSpoken').find(({ utteranceId }) => utteranceId === quote.utteranceId);
      expect(said?.speaker).toBe('customer');
      expect(said?.text).toContain(quote.text);
    }
  });
});

describe('agents that know what a customer may want of us', () => {
  let calls: { person: Spoken; later: Spoken; never: Spoken };
  beforeAll(async () => {
    const [person, later, never] = await Promise.all([
      startLabCall(stack, 'asks-for-person', 7),
      callIn(LATER, 'wants-call-back'),
      callIn(NEVER_AGAIN, 'never-again'),
    ]);
    calls = { person, later, never };
  });

  test('who wants a person is heard: the call asks for one, in the name of whom the agent transfers to', async () => {
    const { call, events } = await sam.sees(
      calls.person.callId,
      'a wish for a person',
      ({ attention }) => attention !== null,
      60_000,
    );
    expect(call.attention?.reason).toContain('Sales');
    expect(of(events, 'humanRequested')).toHaveLength(1);
    await sam.sees(calls.person.callId, 'the words about it', (_call, all) =>
      saidByAgent(all).includes('colleague'),
    );
  });

  test('a call back is noted for the time the customer named', async () => {
    const events = await ended(calls.later);
    expect(toolsIn(events)).toEqual(['schedule_call_back', 'end_call']);
    const [wish] = of(events, 'callBackRequested');
    const inMs = (wish?.forAtMs ?? 0) - (wish?.atMs ?? 0);
    expect(Math.abs(inMs - 86_400_000)).toBeLessThan(60_000);
  });

  test('DNC-3 who wants never to be called again is asked back, and is on the list', async () => {
    const events = await ended(calls.never);
    expect(toolsIn(events)).toEqual(['do_not_call', 'do_not_call', 'end_call']);
    await vi.waitFor(
      async () =>
        expect(await row('SELECT source, call_id FROM suppressions WHERE phone = ?', NEVER_AGAIN)).toEqual({
          source: 'call',
          call_id: calls.never.callId,
        }),
      { timeout: 10_000 },
    );
  });
});
