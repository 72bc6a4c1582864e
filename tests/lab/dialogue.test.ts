import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { businessOf, nextReply, type DialogueMessage } from '../../agent-host/lab/dialogue.ts';
import { BUSINESSES, customerLine, EXCHANGES, UNRECOGNISED_SPEECH } from '../../agent-host/lab/phrases.ts';

const system = (content: string): DialogueMessage => ({ role: 'system', content });
const user = (content: string): DialogueMessage => ({ role: 'user', content });
const assistant = (content: string): DialogueMessage => ({ role: 'assistant', content });
const AUTO = system('You are the assistant of CME Auto Sales.');
const LOAN = system('You call people who asked for a loan. Profile: loan-interest.');
const TOOLS = ['request_human', 'end_call', 'do_not_call', 'schedule_call_back'];

describe('which business it is', () => {
  test('the profile slug or the words of the prompt tell', () => {
    expect(businessOf([AUTO]).slug).toBe('auto-sales');
    expect(businessOf([LOAN]).slug).toBe('loan-interest');
    expect(businessOf([system('Profile auto-sales. We also arrange a loan, a loan or a loan.')]).slug).toBe(
      'auto-sales',
    );
    expect(businessOf([system('You talk about loan interest.')]).slug).toBe('loan-interest');
    expect(businessOf([system('You are a helpful assistant.')]).slug).toBe('auto-sales');
  });

  test('without a customer turn the agent greets for its business', () => {
    expect(nextReply([AUTO], TOOLS).text).toBe(BUSINESSES['auto-sales'].greeting);
    expect(nextReply([LOAN], TOOLS).text).toBe(BUSINESSES['loan-interest'].greeting);
  });
});

describe('answers', () => {
  test('every line has its own answer', () => {
    for (const { customer, agent, action, id } of EXCHANGES) {
      if (id === 'once-more') continue;
      const reply = nextReply([AUTO, user(customer)], TOOLS);
      const offered = action !== undefined && TOOLS.includes(action);
      expect(reply.text).toBe(!offered || action === 'end_call' ? agent : '');
      expect(reply.tool?.name).toBe(offered ? action : undefined);
    }
  });

  test('a turn of two lines is answered by the later one', () => {
    const turn = user(`${customerLine('saw-hatchback')} ${customerLine('warranty')}`);
    expect(nextReply([AUTO, turn], TOOLS).text).toMatch(/^There is indeed/);
  });

  test('a wish to hear it again repeats the last answer', () => {
    const reply = nextReply(
      [AUTO, user('x'), assistant('It costs ten pounds.'), user(customerLine('once-more'))],
      TOOLS,
    );
    expect(reply.text).toBe('Of course. It costs ten pounds.');
  });

  test('a line that was broken off is asked for again', () => {
    expect(nextReply([AUTO, user('Is there a warranty in')], TOOLS).text).toContain('cut off');
  });

  test('unknown speech is told about the lab, at length only once', () => {
    const first = nextReply([AUTO, user(UNRECOGNISED_SPEECH)], TOOLS).text;
    expect(first).toContain('only the phrases of the lab');
    expect(first).toContain('speech key');
    const second = nextReply(
      [AUTO, user(UNRECOGNISED_SPEECH), assistant(first), user(UNRECOGNISED_SPEECH)],
      TOOLS,
    ).text;
    expect(second.length).toBeLessThan(first.length / 2);
  });

  test('a silent customer is asked whether somebody is there', () => {
    expect(nextReply([AUTO, assistant('Hello!')], TOOLS).text).toContain('still there');
  });
});

describe('tools', () => {
  const person = user(customerLine('real-person'));

  test('a wish for a person calls request_human with a reason', () => {
    const reply = nextReply([AUTO, person], TOOLS);
    expect(reply).toMatchObject({ text: '', tool: { name: 'request_human' } });
    expect(reply.tool?.arguments.reason).toBeTruthy();
  });

  test('without the tool the wish for a person is answered in words', () => {
    expect(nextReply([AUTO, person], [])).toEqual({ text: expect.stringContaining('colleague') });
  });

  test('a goodbye is said and ends the call', () => {
    const reply = nextReply([AUTO, user(customerLine('thanks-goodbye'))], TOOLS);
    expect(reply.text).toContain('Goodbye');
    expect(reply.tool?.name).toBe('end_call');
  });

  test('after a tool the agent says how it went', () => {
    const after = (content: string, toolName: string) =>
      nextReply([AUTO, person, { role: 'tool', content, toolName }], TOOLS);
    expect(after('A colleague was asked.', 'request_human')).toEqual({
      text: 'I am connecting you with a colleague. Please stay on the line.',
    });
    expect(after('Nobody is free.', 'request_human').text).toContain('busy');
    expect(after('ended', 'end_call').text).not.toBe('');
  });
});

describe('vehicles', () => {
  const VEHICLES = [...TOOLS, 'look_up_vehicle', 'read_vehicle', 'create_vehicle'];
  const READ_BACK =
    'Not done yet. Read this back, and ask whether it is right: VIN "1 H G". When the customer …';
  const called = (
    name: string,
    given: Record<string, string | boolean>,
    content: string,
  ): DialogueMessage[] => [
    { role: 'assistant', content: '', toolCalls: [{ name, arguments: given }] },
    { role: 'tool', content, toolName: name },
  ];
  const spelled = customerLine('vin-accord');

  test('a number that is spelled is looked up, read back as the tool says, and looked up once it is right', () => {
    expect(nextReply([AUTO, user(spelled)], VEHICLES)).toEqual({
      text: '',
      tool: { name: 'look_up_vehicle', arguments: { vin: spelled, confirmed: false } },
    });
    const asked = [
      AUTO,
      user(spelled),
      ...called('look_up_vehicle', { vin: spelled, confirmed: false }, READ_BACK),
    ];
    const readBack = nextReply(asked, VEHICLES);
    expect(readBack).toEqual({ text: 'I have VIN 1 H G. Is that right?' });
    const yes = [...asked, assistant(readBack.text), user(customerLine('number-right'))];
    expect(nextReply(yes, VEHICLES).tool).toEqual({
      name: 'look_up_vehicle',
      arguments: { vin: spelled, confirmed: true },
    });
    const no = [...asked, assistant(readBack.text), user('No, that is wrong.')];
    expect(nextReply(no, VEHICLES).text).toContain('once more');
  });

  test('what is not found is described, read back and added', () => {
    const missing = JSON.stringify({ found: false, vin: '5YJSA1E27HF000337', saysItself: {} });
    const asked = [
      AUTO,
      user(spelled),
      ...called('look_up_vehicle', { vin: spelled, confirmed: true }, missing),
    ];
    expect(nextReply(asked, VEHICLES).text).toContain('make, model and year');
    expect(nextReply([...asked, assistant('Which?'), user(customerLine('my-tesla'))], VEHICLES).tool).toEqual(
      {
        name: 'create_vehicle',
        arguments: {
          vin: '5YJSA1E27HF000337',
          make: 'Tesla',
          model: 'Roadster',
          year: 2017,
          confirmed: false,
        },
      },
    );
  });

  test('what is found is told; a door that is down is told too', () => {
    const car = { found: true, make: 'Honda', model: 'Accord', year: 2003 };
    const told = (name: string, content: string) =>
      nextReply([AUTO, user('x'), ...called(name, {}, content)], VEHICLES).text;
    expect(told('look_up_vehicle', JSON.stringify(car))).toContain('2003 Honda Accord');
    expect(told('read_vehicle', JSON.stringify({ ...car, color: 'silver', price: 14_900 }))).toContain(
      'silver',
    );
    expect(told('look_up_vehicle', 'That did not work just now. Tell the customer …')).toContain(
      'call you back',
    );
    expect(told('look_up_vehicle', 'That is no VIN: …')).toContain('once more');
  });
});

test('an answer to a question is noted, and then answered', () => {
  const said = user(customerLine('twenty-thousand'));
  const tools = [...TOOLS, 'record_answer'];
  expect(nextReply([LOAN, said], tools).tool).toMatchObject({
    name: 'record_answer',
    arguments: { question: 'amount' },
  });
  const noted: DialogueMessage = { role: 'tool', content: 'Noted.', toolName: 'record_answer' };
  expect(nextReply([LOAN, said, noted], tools).text).toContain('within our range');
});

describe('supervisor notes', () => {
  const note = system('SUPERVISOR NOTE: "Delivery is free this week."');

  test('the next answer tells the fact behind its first sentence', () => {
    const reply = nextReply([AUTO, note, user(customerLine('ask-cost'))], TOOLS);
    expect(reply.text).toMatch(
      /^It is fourteen thousand nine hundred pounds\. .*Delivery is free this week\. That includes/,
    );
  });

  test('a fact that was told is not told again', () => {
    const told = nextReply([AUTO, note, user(customerLine('ask-cost'))], TOOLS).text;
    const next = nextReply([AUTO, note, user('x'), assistant(told), user(customerLine('warranty'))], TOOLS);
    expect(next.text).not.toContain('Delivery');
  });

  test('a fact that was cut off before it was said is told with the next answer', () => {
    const next = nextReply(
      [AUTO, note, user('x'), assistant('It is fourteen'), user(customerLine('warranty'))],
      TOOLS,
    );
    expect(next.text).toContain('Delivery is free this week.');
  });
});

test('any conversation at all gets words or a tool call', () => {
  const message = fc.record({
    role: fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool' as const),
    content: fc.oneof(
      fc.string(),
      fc.constantFrom('SUPERVISOR NOTE:', 'goodbye', UNRECOGNISED_SPEECH, customerLine('once-more')),
    ),
    toolName: fc.option(fc.constantFrom('end_call', 'other'), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(message), fc.subarray(TOOLS), (messages, tools) => {
      const reply = nextReply(messages as DialogueMessage[], tools);
      expect(reply.text !== '' || reply.tool !== undefined).toBe(true);
      if (reply.tool) expect(tools).toContain(reply.tool.name);
    }),
  );
});
