import { voice } from '@livekit/agents';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOISE_AFTER_MS, carryOnAfterNoise } from '../../agent-host/src/carry-on.ts';

const events = voice.AgentSessionEventTypes;
const generateReply = vi.fn();
let session: EventEmitter;

beforeEach(() => {
  vi.useFakeTimers();
  generateReply.mockClear();
  session = Object.assign(new EventEmitter(), { generateReply });
  carryOnAfterNoise(session as unknown as voice.AgentSession);
});
afterEach(() => vi.useRealTimers());

/** A sound long enough to cut the agent off in mid-sentence, and its end. */
function cutOff(): void {
  session.emit(events.UserStateChanged, { newState: 'speaking' });
  session.emit(events.ConversationItemAdded, {
    item: { type: 'message', role: 'assistant', interrupted: true },
  });
  vi.advanceTimersByTime(10_000);
  session.emit(events.UserStateChanged, { newState: 'listening' });
}

test('an agent that a noise cut off carries on by itself, once', () => {
  cutOff();
  vi.advanceTimersByTime(NOISE_AFTER_MS - 1);
  expect(generateReply).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(generateReply).toHaveBeenCalledOnce();
});

test.each([
  [
    'was understood',
    () => session.emit(events.UserInputTranscribed, { transcript: 'And the price?', isFinal: true }),
  ],
  ['is being answered', () => session.emit(events.AgentStateChanged, { newState: 'thinking' })],
  ['has left', () => session.emit(events.Close, {})],
])('an agent whose customer %s has nothing to carry on', (_case, happens) => {
  cutOff();
  happens();
  vi.advanceTimersByTime(60_000);
  expect(generateReply).not.toHaveBeenCalled();
});
