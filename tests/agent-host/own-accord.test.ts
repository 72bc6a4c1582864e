import { voice } from '@livekit/agents';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Ending } from '../../agent-host/src/ending.ts';
import { Farewell } from '../../agent-host/src/farewell.ts';
import { BEFORE_THE_END_MS, Limits } from '../../agent-host/src/limits.ts';
import { askAfterSilence } from '../../agent-host/src/silence.ts';

const events = voice.AgentSessionEventTypes;
const profile = {
  silence: { askAfterS: 10, asks: 2, line: 'Are you still there?' },
  goodbyeLine: 'Goodbye.',
  maximumDurationS: 60,
};

/** The framework's session as far as this is concerned: it says what it is told, and tells its states. */
class FakeSession extends EventEmitter {
  agentState = 'listening';
  userState = 'listening';
  readonly said: { text: string; canBeCut: boolean | undefined }[] = [];
  readonly interrupted = vi.fn();

  say(text: string, options: { allowInterruptions?: boolean } = {}) {
    this.said.push({ text, canBeCut: options.allowInterruptions });
    this.agent('speaking');
    return {
      waitForPlayout: () =>
        new Promise<void>((resolve) =>
          setTimeout(() => {
            this.agent('listening');
            resolve();
          }, 2_000),
        ),
    };
  }
  interrupt() {
    this.interrupted();
    return { await: Promise.resolve() };
  }
  agent(state: string): void {
    this.agentState = state;
    this.emit(events.AgentStateChanged, { newState: state });
  }
  user(state: string): void {
    this.userState = state;
    this.emit(events.UserStateChanged, { newState: state });
  }
  words(transcript: string): void {
    this.emit(events.UserInputTranscribed, { transcript, isFinal: true });
  }
}

let session: FakeSession;
let ending: Ending;
let farewell: Farewell;
let isSilent = false;
const asSession = () => session as unknown as voice.AgentSession;
const lines = () => session.said.map(({ text }) => text);
/** A line is said, and then it is quiet for so long. */
async function quiet(seconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(2_000);
  if (session.agentState === 'speaking') session.agent('listening');
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
}

beforeEach(() => {
  vi.useFakeTimers();
  isSilent = false;
  session = new FakeSession();
  ending = new Ending();
  farewell = new Farewell({ session: asSession(), ending, isSilent: () => isSilent });
});
afterEach(() => vi.useRealTimers());

const ask = () => askAfterSilence({ session: asSession(), profile, farewell, isSilent: () => isSilent });

test('TURN-1 a customer who says nothing is asked so often, then told goodbye, and the call ends as gone silent', async () => {
  ask();
  await quiet(8);
  expect(lines()).toEqual(['Are you still there?']);
  await quiet(10);
  expect(lines()).toEqual(['Are you still there?', 'Are you still there?']);
  await quiet(10);
  expect(lines().at(-1)).toBe('Goodbye.');
  await vi.advanceTimersByTimeAsync(2_100);
  expect(ending.ended).toEqual({
    by: 'agent',
    reason: 'the customer said nothing any more',
    outcome: 'stale',
  });
});

test('TURN-1 a word begins the count anew, a sound only the time', async () => {
  ask();
  await quiet(8);
  await quiet(10);
  expect(session.said).toHaveLength(2);
  session.user('speaking');
  session.words('Yes, I am.');
  session.user('listening');
  await quiet(10);
  expect(session.said).toHaveLength(3);
  session.user('speaking');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(session.said).toHaveLength(3);
  session.user('listening');
  await quiet(10);
  await quiet(10);
  expect(lines().at(-1)).toBe('Goodbye.');
});

test('TURN-1 nobody is asked while the agent thinks or speaks, a colleague has the line or a machine listens', async () => {
  ask();
  session.agent('thinking');
  await vi.advanceTimersByTimeAsync(60_000);
  session.agent('speaking');
  await vi.advanceTimersByTimeAsync(60_000);
  isSilent = true;
  session.agent('listening');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(session.said).toEqual([]);
  isSilent = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(session.said).toHaveLength(1);
});

test('LIMIT-1 before its time is over the agent says goodbye, to its end, and the call ends as out of time', async () => {
  new Limits(farewell, profile).begin();
  await vi.advanceTimersByTimeAsync(60_000 - BEFORE_THE_END_MS - 1);
  expect(session.said).toEqual([]);
  await vi.advanceTimersByTimeAsync(100);
  expect(session.said).toEqual([{ text: 'Goodbye.', canBeCut: false }]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(ending.ended?.outcome).toBe('timeLimit');
});

test('LIMIT-2 told that it cost what it may, the agent lets the customer finish their sentence first', async () => {
  session.user('speaking');
  new Limits(farewell, profile).reached('spend');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(session.said).toEqual([]);
  session.user('listening');
  await vi.advanceTimersByTimeAsync(100);
  expect(lines()).toEqual(['Goodbye.']);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(ending.ended?.outcome).toBe('spendLimit');
});

test('LIMIT-2 whoever never stops speaking is told goodbye all the same', async () => {
  session.user('speaking');
  new Limits(farewell, profile).reached('spend');
  await vi.advanceTimersByTimeAsync(8_100);
  expect(lines()).toEqual(['Goodbye.']);
});

test('a call that a colleague took in the meantime is not ended by its agent', async () => {
  session.user('speaking');
  new Limits(farewell, profile).reached('duration');
  await vi.advanceTimersByTimeAsync(1_000);
  isSilent = true;
  session.user('listening');
  await vi.advanceTimersByTimeAsync(20_000);
  expect([session.said, ending.ended]).toEqual([[], null]);
});
