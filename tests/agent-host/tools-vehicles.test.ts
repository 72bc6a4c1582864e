import { describe, expect, test, vi } from 'vitest';
import type { ToolDoor } from '../../agent-host/src/tools/tool-door.ts';
import { VEHICLE_MS } from '../../agent-host/src/tools/vehicles.ts';
import { readBackVin } from '../../domain/speech/read-back.ts';
import { answering, talk, talkInTests, type Reply } from './agent-with-tools.ts';

talkInTests();

const ACCORD = '1HGCM82633A004352';
const SPOKEN = 'one hotel golf charlie mike eight two six double three alpha double zero four three five two';
const READ_BACK = `I have ${readBackVin(ACCORD)}. Is that right?`;
const found = answering({ ok: true, result: { found: true, vin: ACCORD, make: 'Honda' } });

const uses = (input: string, name: string, args: Record<string, unknown>) => ({
  input,
  toolCalls: [{ name, args }],
});
const lookUp = (input: string, args: Record<string, unknown>) => uses(input, 'look_up_vehicle', args);
/** Nothing to say to a tool's result ends a run with an error of the fake model's: what the tool did counts. */
const saying = (say: (input: string) => Promise<unknown>) => (input: string) =>
  say(input).catch(() => undefined);

/** One conversation: the agent is told to do this at each customer's line. */
async function conversation(replies: Reply, door: ReturnType<typeof vi.fn<ToolDoor['use']>>) {
  const talking = await talk(replies, { door });
  return { ...talking, say: saying(talking.say) };
}

describe('TOOL-3 a VIN is read back and confirmed before it is looked up', () => {
  test('at first the tool only says what to read back', async () => {
    const { say, used, door } = await conversation([lookUp('my vin', { vin: SPOKEN })], found);
    await say('my vin');
    expect(door).not.toHaveBeenCalled();
    expect(used[0]).toMatchObject({ isError: false });
    expect(used[0]?.gave).toContain(readBackVin(ACCORD));
  });

  test('a model that was talked into “confirmed” is not believed', async () => {
    const { say, used, door } = await conversation(
      [
        lookUp('confirmed already, look it up', { vin: SPOKEN, confirmed: true }),
        { input: 'go on', content: 'One moment.' },
        lookUp('now', { vin: SPOKEN, confirmed: true }),
      ],
      found,
    );
    await say('confirmed already, look it up');
    await say('go on');
    await say('now');
    expect(used).toHaveLength(2);
    expect(door).not.toHaveBeenCalled();
  });

  test('read back and answered, it is looked up once; the next time it is known', async () => {
    const { say, used, door } = await conversation(
      [
        { input: SPOKEN, content: READ_BACK },
        lookUp('yes', { vin: ACCORD, confirmed: true }),
        lookUp('once more', { vin: SPOKEN }),
      ],
      found,
    );
    await say(SPOKEN);
    await say('yes');
    expect(door).toHaveBeenCalledOnce();
    expect(door.mock.calls[0]?.slice(0, 2)).toEqual(['look_up_vehicle', { vin: ACCORD }]);
    expect(used[0]?.gave).toContain('Honda');
    await say('once more');
    expect(door).toHaveBeenCalledTimes(2);
  });

  test('without a yes the read-back alone opens nothing', async () => {
    const { say, door } = await conversation(
      [{ input: SPOKEN, content: READ_BACK }, lookUp('no, that is wrong', { vin: ACCORD, confirmed: false })],
      found,
    );
    await say(SPOKEN);
    await say('no, that is wrong');
    expect(door).not.toHaveBeenCalled();
  });
});

describe('VIN-5 a number that cannot be a VIN is asked for again', () => {
  test('the reason is told, and after the third time a person is offered', async () => {
    const wrong = ['one hotel golf', '1HGCM82634A004352', '1HGCM8263OA004353', '1HG'];
    const { say, used, door } = await conversation(
      wrong.map((vin, index) => lookUp(`try ${index}`, { vin, confirmed: true })),
      found,
    );
    for (const index of wrong.keys()) await say(`try ${index}`);
    expect(used.map(({ gave }) => gave)).toEqual([
      expect.stringContaining('17 characters, and 3 were understood'),
      expect.stringContaining('check digit'),
      expect.stringContaining('I, O or Q'),
      expect.stringContaining('offer a colleague'),
    ]);
    expect(door).not.toHaveBeenCalled();
  });
});

describe('TOOL-3 a vehicle is added when make, model and year were confirmed', () => {
  const car = { vin: ACCORD, make: 'Honda', model: 'Accord', year: 2003 };

  test('not before they were read back', async () => {
    const { say, used, door } = await conversation(
      [
        uses('add it', 'create_vehicle', { ...car, confirmed: true }),
        { input: 'a honda accord', content: `${READ_BACK} A Honda Accord?` },
        uses('yes', 'create_vehicle', { ...car, confirmed: true }),
      ],
      answering({ ok: true, result: { created: true } }),
    );
    await say('add it');
    expect(used[0]?.gave).toContain('2003 Honda Accord');
    await say('a honda accord');
    // The year was not said.
    await say('yes');
    expect(door).not.toHaveBeenCalled();
  });

  test('then it is added with the VIN as it was proved', async () => {
    const { say, door } = await conversation(
      [
        { input: 'a honda accord', content: `${READ_BACK} A Honda Accord of two thousand three?` },
        uses('yes', 'create_vehicle', { ...car, vin: SPOKEN, color: 'red', confirmed: true }),
      ],
      answering({ ok: true, result: { created: true } }),
    );
    await say('a honda accord');
    await say('yes');
    expect(door.mock.calls.map((call) => call.slice(0, 2))).toEqual([
      ['create_vehicle', { ...car, color: 'red' }],
    ]);
  });

  test('what stands there already is told, not taken for a failure', async () => {
    const { say, used } = await conversation(
      [
        { input: 'a honda accord', content: `${READ_BACK} A Honda Accord of 2003?` },
        uses('yes', 'create_vehicle', { ...car, confirmed: true }),
      ],
      answering({ ok: false, problem: 'There is a 2003 Honda Civic.' }),
    );
    await say('a honda accord');
    await say('yes');
    expect(used[0]).toMatchObject({ isError: false, gave: expect.stringContaining('Civic') as string });
  });
});

describe('TOOL-2 a door that is down or hangs leaves words to go on with', () => {
  test('down', async () => {
    const { say, used } = await conversation(
      [{ input: SPOKEN, content: READ_BACK }, lookUp('yes', { vin: ACCORD, confirmed: true })],
      answering('down'),
    );
    await say(SPOKEN);
    await say('yes');
    expect(used[0]).toMatchObject({
      isError: true,
      gave: expect.stringContaining('offer to have a colleague') as string,
    });
  });

  test('hanging: the customer does not wait for it', async () => {
    const hangs = vi.fn<ToolDoor['use']>(() => new Promise(() => undefined));
    const { say, used } = await conversation([uses('which', 'read_vehicle', {})], hangs);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const said = say('which');
    await vi.advanceTimersByTimeAsync(VEHICLE_MS + 100);
    vi.useRealTimers();
    await said;
    expect(used[0]).toMatchObject({ isError: true, gave: expect.stringContaining('colleague') as string });
  });
});
