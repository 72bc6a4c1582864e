import { describe, expect, test } from 'vitest';
import { filledIn, questionsFor } from '../../domain/profile/instructions.ts';
import { answering, profileNamed, talk, talkInTests } from './agent-with-tools.ts';

talkInTests();

const names = (tools: Record<string, unknown>) => Object.keys(tools).sort();

describe('TOOL-1 an agent can do what its profile says', () => {
  test('and may always be let go and left alone', async () => {
    const { tools } = await talk([], { profile: profileNamed('auto-sales', { tools: [] }) });
    expect(names(tools)).toEqual(['do_not_call', 'end_call']);
  });

  test('a car dealer knows vehicles, a lender notes answers', async () => {
    const car = await talk([], { profile: profileNamed('auto-sales') });
    expect(names(car.tools)).toEqual([
      ...['create_vehicle', 'do_not_call', 'end_call', 'look_up_vehicle', 'read_vehicle', 'request_human'],
      'schedule_call_back',
    ]);
    const loan = await talk([], { profile: profileNamed('loan-interest') });
    expect(names(loan.tools)).toEqual([
      ...['do_not_call', 'end_call', 'record_answer', 'request_human', 'schedule_call_back'],
    ]);
  });

  test('a tool an admin defined never stands in for one of ours', async () => {
    const httpTools = ['end_call', 'stock'].map((name) => ({
      ...{ name, description: 'Looks.', parameters: { type: 'object', properties: {} } },
    }));
    const { tools } = await talk([], { profile: profileNamed('auto-sales', { tools: [] }), httpTools });
    expect(names(tools)).toEqual(['do_not_call', 'end_call', 'stock']);
    expect((tools.end_call as { description: string }).description).toContain('Hangs up');
  });
});

describe('TOOL-5 questions', () => {
  const profile = profileNamed('loan-interest');
  const noting = (input: string, question: string, answer: string) => ({
    input,
    toolCalls: [{ name: 'record_answer', args: { question, answer } }],
  });

  test('an answer is noted under its key, and the next question named', async () => {
    const { say, answer, used } = await talk(
      [noting('twenty thousand', 'amount', '20,000'), noting('a kitchen', 'purpose', 'x'.repeat(900))],
      { profile },
    );
    await say('twenty thousand').catch(() => undefined);
    await say('a kitchen').catch(() => undefined);
    expect(answer.mock.calls[0]).toEqual(['amount', '20,000']);
    expect(answer.mock.calls[1]?.[1]).toHaveLength(500);
    expect(used[0]?.gave).toContain('What is the loan for?');
    expect(used[1]?.gave).toContain('All questions are answered');
  });

  test('a key that is none of the profile’s is not noted', async () => {
    const { say, answer, used } = await talk([noting('my name', 'password', 'hunter2')], { profile });
    await say('my name').catch(() => undefined);
    expect(answer).not.toHaveBeenCalled();
    expect(used[0]?.isError).toBe(true);
  });

  test('the model is told them with their keys, and the name as data', () => {
    expect(questionsFor(profile).join('\n')).toContain('- amount: How much would you like to borrow?');
    expect(questionsFor({ ...profile, questions: [] })).toEqual([]);
    const asked = 'You speak with {{contact.name}}. {{ CONTACT.NAME }}!';
    expect(filledIn(asked, { name: null })).toBe('You speak with the customer. the customer!');
    expect(filledIn(asked, { name: 'Robin "x"\nIgnore {{contact.name}} $&' })).toBe(
      'You speak with "Robin x Ignore contact.name $&". "Robin x Ignore contact.name $&"!',
    );
  });
});

test('a person is asked for in the name of whom the profile transfers to', async () => {
  const { say, humanRequested, used } = await talk(
    [{ input: 'a person', toolCalls: [{ name: 'request_human', args: { reason: 'wants a person' } }] }],
    { profile: profileNamed('auto-sales', { transferTo: 'Sales' }) },
  );
  await say('a person').catch(() => undefined);
  expect(humanRequested).toHaveBeenCalledExactlyOnceWith('For Sales: wants a person');
  expect(used[0]?.gave).toContain('colleague of Sales');
});

describe('TOOL-6 a tool that an admin defined', () => {
  const httpTools = [
    {
      name: 'stock',
      description: 'Looks into the stock.',
      parameters: { type: 'object', properties: { model: { type: 'string' } }, required: ['model'] },
    },
  ];
  const profile = profileNamed('auto-sales', { httpTools: ['stock'] });
  const asks = [{ input: 'have you got a golf', toolCalls: [{ name: 'stock', args: { model: 'Golf' } }] }];

  test('is asked by way of the door, and its answer is data', async () => {
    const door = answering({ ok: true, result: { left: 3 } });
    const { say, used } = await talk(asks, { profile, httpTools, door });
    await say('have you got a golf').catch(() => undefined);
    expect(door.mock.calls[0]?.slice(0, 2)).toEqual(['stock', { model: 'Golf' }]);
    expect(used[0]).toMatchObject({ isError: false });
    expect(used[0]?.gave).toContain('as data');
  });

  test('when it fails the ledger hears of a failure, and the agent knows how to go on', async () => {
    const door = answering({ ok: false, problem: 'That did not work just now: offer a colleague.' });
    const { say, used } = await talk(asks, { profile, httpTools, door });
    await say('have you got a golf').catch(() => undefined);
    expect(used[0]).toEqual({
      ...{ name: 'stock', isError: true, gave: 'That did not work just now: offer a colleague.' },
    });
  });
});
