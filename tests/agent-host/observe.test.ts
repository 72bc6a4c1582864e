import { voice } from '@livekit/agents';
import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Observation } from '../../domain/call/input.ts';
import type { Interim } from '../../protocol/interim.ts';
import type { SessionObservation } from '../../agent-host/src/observe.ts';
import { observeSession } from '../../agent-host/src/observe.ts';

const events = voice.AgentSessionEventTypes;
const NOON = 1_700_000_000_000;

let session: EventEmitter;
let observations: Observation[];
let interims: Interim[];
let activities: string[];
let firstSounds: number[];
let observation: SessionObservation;
let nowMs: number;

beforeEach(() => {
  session = new EventEmitter();
  observations = [];
  interims = [];
  activities = [];
  firstSounds = [];
  nowMs = NOON;
  observation = observeSession(
    session as unknown as voice.AgentSession,
    {
      observe: (each) => observations.push(each),
      interim: (each) => interims.push(each),
      activity: (each) => activities.push(each),
    },
    { voiceStreams: false, onFirstSound: (atMs) => firstSounds.push(atMs), now: () => nowMs },
  );
});

const ofType = <T extends Observation['type']>(type: T) =>
  observations.filter((each): each is Extract<Observation, { type: T }> => each.type === type);
const user = (oldState: string, newState: string, createdAt: number) =>
  session.emit(events.UserStateChanged, { oldState, newState, createdAt });
const agent = (oldState: string, newState: string, createdAt: number) =>
  session.emit(events.AgentStateChanged, { oldState, newState, createdAt });
const transcribed = (transcript: string, isFinal: boolean, atMs: number) => {
  nowMs = atMs;
  session.emit(events.UserInputTranscribed, { transcript, isFinal, createdAt: atMs });
};
const assistantSaid = (
  text: string,
  startedAtMs: number | undefined,
  stoppedAtMs: number,
  interrupted = false,
) =>
  session.emit(events.ConversationItemAdded, {
    createdAt: stoppedAtMs,
    item: {
      type: 'message',
      role: 'assistant',
      textContent: text,
      interrupted,
      // Seconds, unlike all else.
      metrics: {
        ...(startedAtMs === undefined ? {} : { startedSpeakingAt: startedAtMs / 1_000 }),
        stoppedSpeakingAt: stoppedAtMs / 1_000,
      },
    },
  });
const metrics = (value: object) => session.emit(events.MetricsCollected, { metrics: value });

test('the customer’s interims carry the id of the final they become', () => {
  user('listening', 'speaking', NOON + 50);
  transcribed('I saw', false, NOON + 400);
  transcribed('I saw the', false, NOON + 600);
  user('speaking', 'listening', NOON + 2_250);
  transcribed('I saw the blue one.', true, NOON + 2_300);
  transcribed('And', false, NOON + 4_000);

  const [words] = ofType('wordsSpoken');
  expect(words).toMatchObject({
    speaker: 'customer',
    text: 'I saw the blue one.',
    startedAtMs: NOON,
    endedAtMs: NOON + 2_000,
    interrupted: false,
  });
  expect(interims.map(({ text }) => text)).toEqual(['I saw', 'I saw the', 'And']);
  expect(interims[0]?.utteranceId).toBe(words?.utteranceId);
  expect(interims[1]?.utteranceId).toBe(words?.utteranceId);
  expect(interims[2]?.utteranceId).not.toBe(words?.utteranceId);
});

test('a final that comes while the customer has begun to speak again ends where its own words did', () => {
  user('listening', 'speaking', NOON + 50);
  user('speaking', 'listening', NOON + 1_250);
  user('listening', 'speaking', NOON + 1_450);
  transcribed('First.', true, NOON + 1_500);
  user('speaking', 'listening', NOON + 3_250);
  transcribed('Second.', true, NOON + 3_300);
  expect(ofType('wordsSpoken')).toMatchObject([
    { text: 'First.', startedAtMs: NOON, endedAtMs: NOON + 1_000 },
    { text: 'Second.', startedAtMs: NOON + 1_400, endedAtMs: NOON + 3_000 },
  ]);
});

test('an utterance nobody understood is not reported, and its id goes to the next one', () => {
  user('listening', 'speaking', NOON);
  transcribed('Hm', false, NOON + 100);
  transcribed('', true, NOON + 500);
  transcribed('Hello', false, NOON + 900);
  expect(observations).toEqual([]);
  expect(interims[0]?.utteranceId).toBe(interims[1]?.utteranceId);
});

test('the agent’s words appear as they are spoken and end under the same id, in epoch ms', () => {
  agent('thinking', 'speaking', NOON);
  for (const word of ['Good', ' choice.', ' It']) observation.spokenWords.spoken(word);
  observation.spokenWords.spoken(' is here.');
  observation.spokenWords.flushed();
  assistantSaid('Good choice. It is here.', NOON, NOON + 1_500);

  expect(interims.map(({ text }) => text)).toEqual([
    'Good',
    'Good choice.',
    'Good choice. It',
    'Good choice. It is here.',
  ]);
  expect(ofType('wordsSpoken')).toEqual([
    {
      type: 'wordsSpoken',
      utteranceId: interims[0]?.utteranceId,
      speaker: 'agent',
      text: 'Good choice. It is here.',
      startedAtMs: NOON,
      endedAtMs: NOON + 1_500,
      interrupted: false,
    },
  ]);
  expect(firstSounds).toEqual([NOON]);
});

test('words that reach the listener after their final belong to it, and the next speech gets an id of its own', () => {
  observation.spokenWords.spoken('One');
  assistantSaid('One two.', NOON, NOON + 500);
  observation.spokenWords.spoken(' two.');
  observation.spokenWords.flushed();
  observation.spokenWords.spoken('Three');
  expect(interims.map(({ text }) => text)).toEqual(['One', 'Three']);
  expect(interims[1]?.utteranceId).not.toBe(interims[0]?.utteranceId);
});

test('an interrupted greeting says only what was heard, until the voice fell silent', () => {
  agent('listening', 'speaking', NOON);
  observation.spokenWords.spoken('Welcome');
  observation.spokenWords.spoken(' to');
  agent('speaking', 'listening', NOON + 600);
  observation.spokenWords.flushed();
  assistantSaid('Welcome to CME Auto Sales!', NOON, NOON + 2_500, true);
  expect(ofType('wordsSpoken')).toMatchObject([
    { text: 'Welcome to', endedAtMs: NOON + 600, interrupted: true },
  ]);
});

test('words that were generated but never heard are not reported', () => {
  assistantSaid('Never spoken.', undefined, NOON);
  assistantSaid('Cut before the first word.', NOON, NOON + 10, true);
  expect(ofType('wordsSpoken')).toEqual([]);
});

test('the parts of a turn’s delay are put together, in whatever order they come', () => {
  metrics({ type: 'llm_metrics', speechId: 's1', ttftMs: 120.4, promptTokens: 10, completionTokens: 5 });
  metrics({
    type: 'eou_metrics',
    speechId: 's1',
    endOfUtteranceDelayMs: 310,
    transcriptionDelayMs: 250,
    lastSpeakingTimeMs: NOON,
  });
  metrics({ type: 'llm_metrics', speechId: 's1', ttftMs: 500, promptTokens: 10, completionTokens: 5 });
  agent('thinking', 'speaking', NOON + 640);
  expect(ofType('turnMeasured')).toEqual([]);
  metrics({
    type: 'tts_metrics',
    speechId: 's1',
    ttfbMs: 90,
    streamed: false,
    charactersCount: 5,
    audioDurationMs: 9,
  });
  expect(ofType('turnMeasured')).toEqual([
    { type: 'turnMeasured', turnId: 's1', endOfTurnMs: 310, sttMs: 250, llmMs: 120, ttsMs: 90, totalMs: 640 },
  ]);
});

test('a voice that never reports its delay holds up nothing', () => {
  vi.useFakeTimers();
  metrics({
    type: 'eou_metrics',
    speechId: 's1',
    endOfUtteranceDelayMs: 300,
    transcriptionDelayMs: 200,
    lastSpeakingTimeMs: NOON,
  });
  agent('thinking', 'speaking', NOON + 500);
  vi.advanceTimersByTime(2_000);
  vi.useRealTimers();
  expect(ofType('turnMeasured')).toMatchObject([{ llmMs: null, ttsMs: null, totalMs: 500 }]);
});

test('a greeting, an unanswered turn and one without a detected end are no measured turns', () => {
  agent('listening', 'speaking', NOON);
  metrics({
    type: 'eou_metrics',
    speechId: 's1',
    endOfUtteranceDelayMs: 0,
    transcriptionDelayMs: 0,
    lastSpeakingTimeMs: 0,
  });
  agent('thinking', 'speaking', NOON + 100);
  metrics({
    type: 'eou_metrics',
    speechId: 's2',
    endOfUtteranceDelayMs: 300,
    transcriptionDelayMs: 200,
    lastSpeakingTimeMs: NOON,
  });
  observation.finish();
  expect(ofType('turnMeasured')).toEqual([]);
});

test('the voice is billed once, although it is metered twice, and reports add up', () => {
  const voiceOf = (streamed: boolean) => ({
    type: 'tts_metrics',
    streamed,
    ttfbMs: 1,
    charactersCount: 51,
    audioDurationMs: 3_500,
  });
  metrics(voiceOf(true));
  metrics(voiceOf(false));
  metrics({ type: 'llm_metrics', ttftMs: 1, promptTokens: 59, completionTokens: 33 });
  nowMs = NOON + 7_000;
  // The recogniser reports no duration with our own VAD: it was sent all the sound there was.
  metrics({ type: 'stt_metrics', audioDurationMs: 0 });
  assistantSaid('Hello.', NOON, NOON + 500);
  observation.finish();
  expect(ofType('usageReported')).toEqual([
    {
      type: 'usageReported',
      sttAudioMs: 7_000,
      llmInputTokens: 59,
      llmOutputTokens: 33,
      ttsCharacters: 51,
      ttsAudioMs: 3_500,
    },
  ]);
});

test('tools are reported with what they were given and gave, each cut to what the ledger takes', () => {
  session.emit(events.FunctionToolsExecuted, {
    createdAt: NOON,
    functionCalls: [{ name: 'look_up_vehicle', args: '{"vin":"1HG"}', createdAt: NOON }],
    functionCallOutputs: [{ isError: false, output: 'x'.repeat(3_000), createdAt: NOON }],
  });
  expect(ofType('toolUsed')).toEqual([
    {
      ...{ type: 'toolUsed', tool: 'look_up_vehicle', succeeded: true, durationMs: 0 },
      ...{ given: '{"vin":"1HG"}', gave: `"${'x'.repeat(1_998)}…` },
    },
  ]);
});

test('tools are reported with their outcome and duration', () => {
  session.emit(events.FunctionToolsExecuted, {
    createdAt: NOON + 900,
    functionCalls: [
      { name: 'request_human', createdAt: NOON },
      { name: 'end_call', createdAt: NOON },
    ],
    functionCallOutputs: [
      { isError: false, createdAt: NOON + 12 },
      { isError: true, createdAt: NOON + 40 },
    ],
  });
  expect(ofType('toolUsed')).toEqual([
    { type: 'toolUsed', tool: 'request_human', succeeded: true, durationMs: 12 },
    { type: 'toolUsed', tool: 'end_call', succeeded: false, durationMs: 40 },
  ]);
});

test('activity follows the agent’s state; idle is listening', () => {
  agent('initializing', 'listening', NOON);
  agent('listening', 'idle', NOON);
  agent('idle', 'thinking', NOON);
  expect(activities).toEqual(['listening', 'listening', 'thinking']);
});
