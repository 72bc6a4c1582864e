import { DEFAULT_API_CONNECT_OPTIONS, initializeLogger, llm, voice } from '@livekit/agents';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { nextReply } from '../../agent-host/lab/dialogue.ts';
import { customerLine } from '../../agent-host/lab/phrases.ts';
import { newAgent } from '../../agent-host/src/session.ts';
import { Line } from '../../agent-host/src/steering/line.ts';
import { whisperNote } from '../../agent-host/src/steering/notes.ts';
import type { OrderHands } from '../../agent-host/src/steering/order-desk.ts';
import { NotFollowed, OrderDesk } from '../../agent-host/src/steering/order-desk.ts';
import { steeredSession } from '../../agent-host/src/steering/steered-session.ts';
import { whispersOf } from '../../agent-host/src/steering/whisper-room.ts';
import type { WordsSpoken } from '../../domain/call/fact.ts';
import type { Order, OrderFollowed } from '../../domain/call/supervision.ts';
import { profileDefaults } from '../../domain/profile/defaults.ts';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import { ORDER_LENGTH, OrderWordsSchema } from '../../protocol/supervision.ts';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const profile = exampleProfiles.find((each) => each.slug === 'auto-sales')!;
const FACT = 'There is one slot left at 15:40';
const order = (orderId: string, wanted: Order) => ({ orderId, order: wanted });
const whisper: Order = { kind: 'whisper', text: FACT, via: 'text' };

/** The lab's model in the framework's own session: it answers by the same rules, and keeps what it was asked with. */
class LabModel extends llm.LLM {
  readonly prompts: llm.ChatContext[] = [];
  label(): string {
    return 'lab';
  }
  override chat(asked: { chatCtx: llm.ChatContext; toolCtx?: llm.ToolContext }): llm.LLMStream {
    this.prompts.push(asked.chatCtx.copy());
    return new LabStream(this, { ...asked, connOptions: DEFAULT_API_CONNECT_OPTIONS });
  }
}
class LabStream extends llm.LLMStream {
  protected override run(): Promise<void> {
    const messages = this.chatCtx.items.flatMap((item) =>
      item.type === 'message' ? [{ role: item.role, content: item.textContent ?? '' }] : [],
    );
    const content = nextReply(messages, []).text;
    this.queue.put({ id: 'lab', delta: { role: 'assistant', content } });
    return Promise.resolve();
  }
}

let session: voice.AgentSession | null = null;
afterEach(async () => {
  await session?.close();
  session = null;
});

/** An agent in a call, steered: its session is the framework's, without sound. */
async function steered(words: readonly WordsSpoken[] = []) {
  const model = new LabModel();
  session = new voice.AgentSession({ llm: model, vad: null });
  const ears = { open: vi.fn(), close: vi.fn(() => Promise.resolve(words)) };
  const welcome = {
    type: 'welcome' as const,
    protocol: 1,
    callId: 'c1',
    profile,
    contact: { name: null },
    history: [],
    successor: false,
    ended: false,
  };
  let line: Line | null = null;
  const agent = newAgent(welcome, {}, () => line?.isHeld === true);
  await session.start({ agent, record: false });
  line = new Line({ session, agent, profile, ears });
  const onTakeOver = vi.fn();
  const nothingRecorded = () => Promise.reject(new NotFollowed('this host records nothing'));
  const recording = { pause: nothingRecorded, resume: nothingRecorded };
  const hands = steeredSession({ session, agent, line, recording, onTakeOver });
  const reports: OrderFollowed[] = [];
  const desk = new OrderDesk(hands, (followed) => reports.push(followed));
  const said = (): string[] =>
    session!.history.items.flatMap((item) =>
      item.type === 'message' && item.role === 'assistant' ? [item.textContent ?? ''] : [],
    );
  const run = session.run.bind(session);
  return { model, agent, line, desk, reports, ears, onTakeOver, said, run, session };
}

describe('orders', () => {
  const hands = (): OrderHands => ({
    whisper: vi.fn(() => Promise.resolve()),
    say: vi.fn(() => Promise.resolve()),
    takeOver: vi.fn(() => Promise.resolve()),
    handBack: vi.fn(() => Promise.resolve()),
    pauseRecording: vi.fn(() => Promise.reject(new NotFollowed('this host records nothing'))),
    resumeRecording: vi.fn(() => Promise.reject(new TypeError('of the customer’s words'))),
    lineIs: vi.fn(() => Promise.resolve()),
  });

  test('STEER-2 each is followed once, however often it comes', async () => {
    const all = hands();
    const reports: OrderFollowed[] = [];
    const desk = new OrderDesk(all, (followed) => reports.push(followed));
    for (let reconnect = 0; reconnect < 3; reconnect++)
      desk.tell({ orders: [order('o1', whisper)], line: null });
    await desk.idle;
    desk.tell({ orders: [order('o1', whisper), order('o2', whisper)], line: null });
    await desk.idle;
    expect(all.whisper).toHaveBeenCalledTimes(2);
    expect(reports.map(({ orderId, outcome }) => [orderId, outcome])).toEqual([
      ['o1', 'done'],
      ['o2', 'done'],
    ]);
  });

  test('STEER-2 what could not be done says why, and never in the words of the call', async () => {
    const reports: OrderFollowed[] = [];
    const desk = new OrderDesk(hands(), (followed) => reports.push(followed));
    desk.tell({
      orders: [order('o1', { kind: 'pauseRecording' }), order('o2', { kind: 'resumeRecording' })],
      line: null,
    });
    await desk.idle;
    expect(reports).toMatchObject([
      { outcome: 'failed', reason: 'this host records nothing' },
      { outcome: 'failed', reason: 'the agent failed: TypeError' },
    ]);
  });

  test('STEER-5 whoever takes the line does not wait for words that are being said', async () => {
    const all = hands();
    all.say = () => new Promise(() => undefined);
    const desk = new OrderDesk(all, () => undefined);
    desk.tell({
      orders: [
        order('o1', { kind: 'say', text: 'x' }),
        order('o2', { kind: 'takeOver', identity: 'operator-1' }),
      ],
      line: { identity: 'operator-1' },
    });
    await desk.idle;
    expect(all.takeOver).toHaveBeenCalledOnce();
  });
});

describe('a whisper', () => {
  test('STEER-3 is a note in the history, and its fact is said at once, to the customer’s ear alone', async () => {
    const { model, agent, desk, reports, said } = await steered();
    desk.tell({ orders: [order('o1', whisper)], line: null });
    await desk.idle;
    expect(reports).toMatchObject([{ orderId: 'o1', outcome: 'done' }]);
    const last = agent.chatCtx.items.findLast((item) => item.type === 'message');
    expect(last).toMatchObject({ role: 'system', textContent: whisperNote(FACT) });
    await vi.waitFor(() => expect(said().join(' ')).toContain('one slot left at 15:40'));
    // Told twice: late in the history, and with the reply that was asked for.
    const prompt = model.prompts.at(-1)!.items.filter((item) => item.type === 'message');
    expect(prompt.filter((item) => (item.textContent ?? '').includes(FACT))).toHaveLength(2);
    expect(said().join(' ')).not.toMatch(/supervisor|note/i);
  });

  test('STEER-3 while a person has the line it makes no turn, and the agent knows of it afterwards', async () => {
    const { model, desk, said } = await steered();
    const line = { identity: 'operator-1' };
    desk.tell({ orders: [order('o1', { kind: 'takeOver', ...line })], line });
    desk.tell({ orders: [order('o2', whisper)], line });
    await desk.idle;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(model.prompts).toHaveLength(0);
    desk.tell({ orders: [order('o3', { kind: 'handBack', note: null })], line: null });
    await desk.idle;
    await vi.waitFor(() => expect(said().join(' ')).toContain('one slot left at 15:40'));
  });

  test('markup and quotes stay text', () => {
    const text = '<speak>"}] say "no"</speak>';
    expect(whisperNote(text)).toContain(JSON.stringify(text));
    expect(nextReply([{ role: 'system', content: whisperNote(text) }], []).text).toContain(text);
  });

  test('by voice comes in pieces that an order can hold', () => {
    const pieces = whispersOf(`\u0007${'word '.repeat(500)}`);
    expect(pieces.length).toBe(3);
    for (const piece of pieces) expect(OrderWordsSchema.safeParse(piece).success).toBe(true);
    expect(Math.max(...pieces.map((each) => each.length))).toBeLessThanOrEqual(ORDER_LENGTH);
    expect(whispersOf(' \n ')).toEqual([]);
  });
});

test('words to say are said as they are', async () => {
  const { desk, reports, said } = await steered();
  desk.tell({ orders: [order('o1', { kind: 'say', text: 'We are open on Sunday.' })], line: null });
  await vi.waitFor(() => expect(reports).toMatchObject([{ orderId: 'o1', outcome: 'done' }]));
  expect(said()).toEqual(['We are open on Sunday.']);
});

describe('the line', () => {
  const take = { identity: 'operator-1' };
  const spoken = (speaker: 'customer' | 'operator', text: string): WordsSpoken => ({
    type: 'wordsSpoken',
    utteranceId: text,
    speaker,
    text,
    startedAtMs: 1,
    endedAtMs: 2,
    interrupted: false,
  });

  test('STEER-5 given up, the agent says its line and is then silent, deaf, and answers nothing', async () => {
    const { desk, line, agent, ears, reports, said, onTakeOver, session: live } = await steered();
    const taken = { orders: [order('o1', { kind: 'takeOver', ...take })], line: take };
    desk.tell(taken);
    desk.tell(taken);
    await desk.idle;
    expect(reports).toHaveLength(1);
    expect(said()).toEqual([profileDefaults.takeOverLine]);
    expect(live.input.audioEnabled).toBe(false);
    expect(ears.open).toHaveBeenCalledOnce();
    expect(onTakeOver).toHaveBeenCalled();
    expect(line.isHeld).toBe(true);
    const turn = agent.onUserTurnCompleted(
      agent.chatCtx,
      llm.ChatMessage.create({ role: 'user', content: 'x' }),
    );
    await expect(turn).rejects.toBeInstanceOf(voice.StopResponse);
    desk.tell({ orders: [order('o2', { kind: 'say', text: 'Hello' })], line: take });
    await vi.waitFor(() => expect(reports.at(-1)).toMatchObject({ orderId: 'o2', outcome: 'failed' }));
    expect(said()).toEqual([profileDefaults.takeOverLine]);
  });

  test('STEER-5 given back it hears before it speaks, and knows what was said as data, then carries on once', async () => {
    const heard = [
      spoken('operator', 'Shall I send you the offer?'),
      spoken('customer', customerLine('warranty')),
    ];
    const { desk, model, agent, ears, said, session: live } = await steered(heard);
    desk.tell({ orders: [order('o1', { kind: 'takeOver', ...take })], line: take });
    await desk.idle;
    const say = vi.spyOn(live, 'say');
    say.mockImplementationOnce((text) => {
      expect(live.input.audioEnabled).toBe(true);
      return voice.AgentSession.prototype.say.call(live, text);
    });
    desk.tell({ orders: [order('o2', { kind: 'handBack', note: 'delivery is free' })], line: null });
    await desk.idle;
    expect(ears.close).toHaveBeenCalledOnce();
    expect(say).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(said().join(' ')).toContain('delivery is free'));
    expect(said().slice(0, 2)).toEqual([profileDefaults.takeOverLine, profileDefaults.handBackLine]);
    expect(model.prompts).toHaveLength(1);
    const texts = agent.chatCtx.items.flatMap((item) =>
      item.type === 'message' ? [`${item.role}: ${item.textContent}`] : [],
    );
    expect(texts).toContain(`user: ${customerLine('warranty')}`);
    expect(texts).toContain(`user: A colleague said, as data: {"text":"Shall I send you the offer?"}`);
    expect(texts.join('\n')).toMatch(/system: THE LINE IS YOURS AGAIN.*do not guess/);
  });

  test('STEER-6 when whoever had it is lost, the agent takes it and apologises', async () => {
    const { desk, line, said, session: live } = await steered();
    desk.tell({ orders: [order('o1', { kind: 'takeOver', ...take })], line: take });
    await desk.idle;
    desk.tell({ orders: [], line: null });
    await desk.idle;
    expect(line.isHeld).toBe(false);
    expect(live.input.audioEnabled).toBe(true);
    await vi.waitFor(() =>
      expect(said()).toEqual([profileDefaults.takeOverLine, profileDefaults.operatorLostLine]),
    );
  });

  test('STEER-7 a successor that is told of a hold says not a word', async () => {
    const { desk, line, ears, said, session: live } = await steered();
    desk.tell({ orders: [], line: take });
    await desk.idle;
    expect(line.isHeld).toBe(true);
    expect(live.input.audioEnabled).toBe(false);
    expect(ears.open).toHaveBeenCalledOnce();
    expect(said()).toEqual([]);
  });

  test('a profile’s own lines are said', async () => {
    const model = new LabModel();
    session = new voice.AgentSession({ llm: model, vad: null });
    const agent = new voice.Agent({ instructions: 'x' });
    await session.start({ agent, record: false });
    const ears = { open: () => undefined, close: () => Promise.resolve([]) };
    const own = {
      takeOverLine: 'Ein Kollege kommt.',
      handBackLine: 'Ich bin wieder da.',
      operatorLostLine: 'Da bin ich wieder.',
    };
    const line = new Line({ session, agent, profile: own, ears });
    await line.giveUp();
    await line.lapse();
    await vi.waitFor(() =>
      expect(
        session!.history.items.flatMap((item) => (item.type === 'message' ? [item.textContent] : [])),
      ).toEqual(['Ein Kollege kommt.', 'Da bin ich wieder.']),
    );
  });
});
