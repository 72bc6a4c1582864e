import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Behaviour } from '../../agent-host/lab/scenarios.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import type { Child } from '../../scripts/stack/child.ts';
import { startChild } from '../../scripts/stack/child.ts';
import { ROOT } from '../../scripts/stack/paths.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import { demoVehicles } from '../../scripts/stack/demo-vehicles.ts';
import { LAB_LINE } from '../../scripts/stack/lab-carrier.ts';
import { signInCookie } from '../../scripts/stack/sign-in.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';
import { readBackVin } from '../../domain/speech/read-back.ts';
import type { CallerEvent, CallerReport } from '../../agent-host/lab/caller.ts';
import { getResult } from '../../protocol/api/results.ts';
import { repositoryScenarios } from '../../agent-host/src/rehearsal/from-repository.ts';
import { startLabCall } from './lab-call.ts';
import { Supervisor } from './supervisor.ts';

const [accord] = demoVehicles;
const TESLA = '5YJSA1E27HF000337';
const NEVER_AGAIN = '+12125550170';
const LATER = '+12125550190';

let stack: Stack;
let sam: Supervisor;
let admin: string;
let standIn: Child | undefined;

beforeAll(async () => {
  stack = await startStack({
    name: 'e2e-agents',
    keepState: false,
    web: 'none',
    labCalls: 0,
    seats: 4,
    minify: true,
    agentHost: false,
    progress: (line) => console.log(line),
  });
  const standIn = await startLabTwice();
  await stack.startAgentHost('local', { IDLE_PROCESSES: '3', LAB_URL_2: standIn });
  // What is switched off later is nobody's but one call's, which has both.
  await publish('auto-sales', 'auto-sales', ['@2']);
  await publish('loan-interest', 'loan-interest', ['@2']);
  await publish('loan-fallback', 'loan-interest', ['', '@2']);
  sam = await Supervisor.signIn(stack);
  const person = { email: 'admin@demo.earshot', password: 'earshot-demo' };
  admin = await signInCookie(stack.worker.url, stack.webUrl, person);
});

afterAll(async () => {
  await sam?.leaveAll();
  await standIn?.stop();
  await stack?.stop();
});

interface Spoken {
  readonly callId: string;
  readonly report?: Promise<CallerReport>;
}

/** The lab's services a second time, on which nobody switches anything off. @returns its base URL */
async function startLabTwice(): Promise<string> {
  const port = await freePort();
  const env = { LAB_PORT: String(port), LAB_HOST: '127.0.0.1' };
  const logFile = join(stack.logDir, 'lab-2.log');
  const command = [process.execPath, 'agent-host/lab/server.ts'];
  standIn = startChild('lab-2', command, { env, cwd: ROOT, logFile });
  await standIn.line(/lab speech services on/, 60_000);
  return `http://127.0.0.1:${port}/v1`;
}

/** Publishes a version of a profile of the code's, whose models are these of the lab's in their order. */
async function publish(slug: string, like: string, services: readonly string[]): Promise<void> {
  const { slug: _slug, ...content } = exampleProfiles.find((each) => each.slug === like)!;
  const choose = (model: string) =>
    services.map((which) => ({ provider: 'lab', model: `${model}${which}`, voice: null }));
  const text = JSON.stringify({
    ...content,
    ...{ hearing: choose('lab-stt'), thinking: choose('lab-llm'), speaking: choose('lab-tts') },
  });
  await stack.worker.database.batch([
    stack.worker.database
      .prepare(
        `INSERT INTO profiles (slug, draft, draft_revision, draft_saved_at_ms, draft_saved_by_name, published_version)
         VALUES (?1, ?2, 1, 0, 'test', 1)`,
      )
      .bind(slug, text),
    stack.worker.database
      .prepare(
        `INSERT INTO profile_versions (slug, version, content, published_at_ms, published_by_name, note)
         VALUES (?1, 1, ?2, 0, 'test', '')`,
      )
      .bind(slug, text),
  ]);
}

/** Switches services of the first lab off, or on again. */
async function labFaults(
  change: Partial<Record<'stt' | 'llm' | 'tts', 'ok' | 'fail' | 'hang'>>,
): Promise<void> {
  const response = await fetch(new URL('/lab/faults', stack.labUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  expect(response.status).toBe(200);
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

describe('agents that know vehicles, and one whose services are killed meanwhile', () => {
  let calls: { lookUp: Spoken; add: Spoken; killed: Spoken };
  /** With the customer's second, third and fourth line one more service is gone, each in its way. */
  const killing = [{}, { stt: 'fail' }, { llm: 'hang' }, { tts: 'fail' }] as const;
  beforeAll(async () => {
    let line = 0;
    const onEvent = ({ type }: CallerEvent): void => {
      if (type === 'saying') void labFaults(killing[line++] ?? {});
    };
    const [lookUp, add, killed] = await Promise.all([
      startLabCall(stack, 'looks-up-vehicle', 4),
      startLabCall(stack, 'adds-vehicle', 5),
      startLabCall(stack, 'answers-questions', 6, 'Robin Vale', { profile: 'loan-fallback', onEvent }),
    ]);
    calls = { lookUp, add, killed };
  });
  // The judge of results is the first lab's too.
  afterAll(() => labFaults({ stt: 'ok', llm: 'ok', tts: 'ok' }));

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

  test('MODEL-1 hearing, thinking and speaking are each lost in mid-call, and it goes on to its goodbye', async () => {
    const events = await ended(calls.killed);
    const replaced = of(events, 'modelReplaced').map(({ stage, to }) => `${stage} → ${to ?? 'none'}`);
    expect(replaced).toEqual(
      expect.arrayContaining([
        ...['hearing → lab/lab-stt@2', 'thinking → lab/lab-llm@2', 'speaking → lab/lab-tts@2'],
      ]),
    );
    const customer = of(events, 'wordsSpoken').filter(({ speaker }) => speaker === 'customer');
    const { spoken } = (await calls.killed.report)!;
    expect(customer.map(({ text }) => text)).toEqual(spoken.map(({ text }) => text));
    const said = saidByAgent(events);
    for (const answer of ['within our range', 'six point four per cent', 'Take all the time you need'])
      expect(said).toContain(answer);
    expect(of(events, 'callEnded')[0]).toMatchObject({ outcome: 'completed', endedBy: 'agent' });
  });
});

describe('agents that know what to ask, and what a customer may want of us', () => {
  let calls: { loan: Spoken; person: Spoken; later: Spoken; never: Spoken };
  beforeAll(async () => {
    const [loan, person, later, never] = await Promise.all([
      startLabCall(stack, 'answers-questions', 6),
      startLabCall(stack, 'asks-for-person', 7),
      callIn(LATER, 'wants-call-back'),
      callIn(NEVER_AGAIN, 'never-again'),
    ]);
    calls = { loan, person, later, never };
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

test('SCENE-1 the scenarios of the repository are held by the agent host, in words, and pass', async () => {
  const asAdmin = { cookie: admin, origin: stack.webUrl, 'content-type': 'application/json' };
  const ask = async (path: string, body?: object): Promise<Response> =>
    fetch(`${stack.worker.url}${path}`, {
      headers: asAdmin,
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  const scenario = repositoryScenarios('loan-interest')[0]!;
  const added = await ask('/api/scenarios', { slug: 'loan-interest', scenario });
  const { scenarioId } = ((await added.json()) as { scenario: { scenarioId: string } }).scenario;
  const begun = await ask(`/api/scenarios/${scenarioId}/runs`, { with: 'draft' });
  expect(begun.status).toBe(202);
  const run = async () =>
    ((await (await ask(`/api/scenarios/${scenarioId}/runs`)).json()) as { runs: unknown[] }).runs[0];
  await expect
    .poll(run, { timeout: 60_000, interval: 500 })
    .toMatchObject({ version: 0, verdict: { passed: true, problem: null } });
});
