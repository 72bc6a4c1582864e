import { initializeLogger, voice } from '@livekit/agents';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { agentTools } from '../../agent-host/src/tools.ts';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

let session: voice.AgentSession | null = null;
afterEach(async () => {
  await session?.close();
  session = null;
});

type Reply = ConstructorParameters<typeof voice.testing.FakeLLM>[0];

async function talk(replies: Reply) {
  const humanRequested = vi.fn<(reason: string) => void>();
  const endCall = vi.fn<(reason: string) => void>();
  const doNotCall = vi.fn<() => void>();
  const callBack = vi.fn<(forAtMs: number) => void>();
  const { tools, over } = agentTools({ humanRequested, endCall, doNotCall, callBack });
  session = new voice.AgentSession({ llm: new voice.testing.FakeLLM(replies), vad: null });
  await session.start({
    agent: new voice.Agent({ instructions: 'Be brief.', tools }),
    record: false,
  });
  const say = async (userInput: string) => {
    const run = session!.run({ userInput });
    await run.wait();
    return run;
  };
  return { humanRequested, endCall, doNotCall, callBack, over, say };
}

const NOTIFIED = 'A colleague has been notified. Tell the customer so, and stay with them until then.';
const SAY_GOODBYE = 'Say goodbye in one short sentence.';
/** The fake model is asked with the tool's result as the framework writes it down. */
const after = (result: string, content: string) => [
  { input: result, content },
  { input: JSON.stringify(result), content },
];

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
