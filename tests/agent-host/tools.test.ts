import { expect, test, vi } from 'vitest';
import { after, talk, talkInTests } from './agent-with-tools.ts';

talkInTests();

const NOTIFIED = 'A colleague has been notified. Tell the customer so, and stay with them until then.';
const SAY_GOODBYE = 'Say goodbye in one short sentence.';
test('a customer who wants a person is reported once, and told that a colleague was notified', async () => {
  const { humanRequested, say } = await talk([
    { input: 'a person please', toolCalls: [{ name: 'request_human', args: { reason: 'wants a person' } }] },
    { input: 'really, a person', toolCalls: [{ name: 'request_human', args: { reason: 'insists' } }] },
    ...after(NOTIFIED, 'A colleague will be with you.'),
  ]);
  const run = await say('a person please');
  run.expect.nextEvent().isFunctionCall({ name: 'request_human', args: { reason: 'wants a person' } });
  run.expect.nextEvent().isFunctionCallOutput();
  run.expect.nextEvent().isMessage({ role: 'assistant' });
  await say('really, a person');
  expect(humanRequested).toHaveBeenCalledExactlyOnceWith('wants a person');
});

test('an agent that hangs up without a goodbye is asked for one, and the call ends after it', async () => {
  const { endCall, say } = await talk([
    { input: 'that is all', toolCalls: [{ name: 'end_call', args: { reason: 'all done' } }] },
    ...after(SAY_GOODBYE, 'Goodbye!'),
  ]);
  const run = await say('that is all');
  run.expect.nextEvent().isFunctionCall({ name: 'end_call' });
  run.expect.nextEvent().isFunctionCallOutput();
  run.expect.nextEvent().isMessage({ role: 'assistant' });
  await vi.waitFor(() => expect(endCall).toHaveBeenCalledExactlyOnceWith('all done'));
});

test('an agent that said goodbye beside the call of the tool says no second one', async () => {
  const { endCall, say } = await talk([
    {
      input: 'bye',
      content: 'Goodbye!',
      toolCalls: [{ name: 'end_call', args: { reason: 'said goodbye' } }],
    },
    ...after(SAY_GOODBYE, 'Goodbye again!'),
  ]);
  const run = await say('bye');
  await vi.waitFor(() => expect(endCall).toHaveBeenCalledExactlyOnceWith('said goodbye'));
  const messages = run.events.filter((event) => event.type === 'message');
  expect(messages).toHaveLength(1);
});

test('a call is ended once, however often the model asks', async () => {
  const { endCall, say } = await talk([
    {
      input: 'bye',
      content: 'Goodbye!',
      toolCalls: [
        { name: 'end_call', args: { reason: 'first' } },
        { name: 'end_call', args: { reason: 'second' } },
      ],
    },
  ]);
  await say('bye');
  await vi.waitFor(() => expect(endCall).toHaveBeenCalled());
  expect(endCall).toHaveBeenCalledExactlyOnceWith('first');
});

test('a reason that is too long for the ledger is shortened, not refused', async () => {
  const { humanRequested, say } = await talk([
    { input: 'help', toolCalls: [{ name: 'request_human', args: { reason: 'x'.repeat(2_000) } }] },
    ...after(NOTIFIED, 'Done.'),
  ]);
  await say('help');
  expect(humanRequested.mock.calls[0]?.[0]).toHaveLength(500);
});

const NOT_DONE =
  'Not done yet. Ask the customer in one short sentence to confirm that they never want to be called again. When they have answered, use do_not_call once more.';
const DONE = 'Done: this number is never called again. Tell the customer so, say goodbye and use end_call.';

test('DNC-3 a customer who asks not to be called is asked back; only their own answer makes it final', async () => {
  const { doNotCall, say } = await talk([
    {
      input: 'stop calling me',
      // Talked into it by whatever it read: the code does not believe it.
      toolCalls: [{ name: 'do_not_call', args: { customer: 'confirms' } }],
    },
    ...after(NOT_DONE, 'Never again, is that right?'),
    { input: 'yes, never', toolCalls: [{ name: 'do_not_call', args: { customer: 'confirms' } }] },
    ...after(DONE, 'You are off our list.'),
  ]);
  await say('stop calling me');
  expect(doNotCall).not.toHaveBeenCalled();
  await say('yes, never');
  expect(doNotCall).toHaveBeenCalledOnce();
});

test('DNC-3 a customer who hangs up instead of answering is not called again', async () => {
  const { doNotCall, over, say } = await talk([
    { input: 'stop calling me', toolCalls: [{ name: 'do_not_call', args: { customer: 'asks' } }] },
    ...after(NOT_DONE, 'Never again, is that right?'),
  ]);
  await say('stop calling me');
  over();
  expect(doNotCall).toHaveBeenCalledOnce();
});

test('a call back is noted for the time the customer named; a time that is none is refused', async () => {
  const { callBack, say } = await talk([
    { input: 'in an hour', toolCalls: [{ name: 'schedule_call_back', args: { inMinutes: 60 } }] },
    { input: 'at ten', toolCalls: [{ name: 'schedule_call_back', args: { at: 'at ten' } }] },
  ]);
  const before = Date.now();
  await say('in an hour').catch(() => undefined);
  await say('at ten').catch(() => undefined);
  expect(callBack).toHaveBeenCalledOnce();
  expect(callBack.mock.calls[0]?.[0]).toBeGreaterThanOrEqual(before + 3_600_000);
});
