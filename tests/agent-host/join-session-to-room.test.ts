import type { Room } from '@livekit/rtc-node';
import { initializeLogger, voice } from '@livekit/agents';
import { EventEmitter } from 'node:events';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startSessionInRoom } from '../../agent-host/src/join-session-to-room.ts';

/** Where the framework answers callers with the agent's instructions, tools and history. */
const PROMPT_TOPIC = 'lk.agent.session';
const TYPED_TEXT_TOPIC = 'lk.chat';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

/** A room that notes on which topics somebody listens to its participants, and what is sent to them. */
class ListeningRoom extends EventEmitter {
  readonly listensTo: string[] = [];
  readonly sentOn: string[] = [];
  readonly isConnected = true;
  readonly remoteParticipants = new Map();
  readonly localParticipant = {
    identity: 'agent-1',
    trackPublications: new Map(),
    setAttributes: () => Promise.resolve(),
    publishTrack: () => Promise.resolve(undefined),
    publishTranscription: () => Promise.resolve(),
    streamText: () => Promise.resolve({ write: () => Promise.resolve(), close: () => Promise.resolve() }),
    streamBytes: ({ topic }: { topic: string }) => {
      this.sentOn.push(topic);
      return Promise.resolve({ write: () => Promise.resolve(), close: () => Promise.resolve() });
    },
  };
  registerByteStreamHandler(topic: string): void {
    this.listensTo.push(topic);
  }
  registerTextStreamHandler(topic: string): void {
    this.listensTo.push(topic);
  }
  unregisterByteStreamHandler(): void {}
  unregisterTextStreamHandler(): void {}
}

let room: ListeningRoom;
let session: voice.AgentSession;
let roomIO: voice.RoomIO | null;
beforeEach(() => {
  room = new ListeningRoom();
  session = new voice.AgentSession({
    llm: new voice.testing.FakeLLM([]),
    vad: null,
    turnHandling: { turnDetection: 'manual' },
  });
  roomIO = null;
});
afterEach(async () => {
  await session.close();
  await roomIO?.close();
});
const agent = () => new voice.Agent({ instructions: 'The secret of the house.' });
const settled = () => new Promise((resolve) => setTimeout(resolve, 100));

test('no caller can ask a session for its instructions, and none is sent its events', async () => {
  const words = { spoken: () => undefined, flushed: () => undefined };
  roomIO = await startSessionInRoom(session, agent(), room as unknown as Room, 'customer-1', words);
  await settled();
  expect(room.listensTo).not.toContain(PROMPT_TOPIC);
  expect(room.sentOn).not.toContain(PROMPT_TOPIC);
  expect(session).toHaveProperty('sessionHost', undefined);
});

test('nobody can type at the model', async () => {
  const words = { spoken: () => undefined, flushed: () => undefined };
  roomIO = await startSessionInRoom(session, agent(), room as unknown as Room, 'customer-1', words);
  expect(room.listensTo).not.toContain(TYPED_TEXT_TOPIC);
});

test('the framework’s own way of joining a room would listen on both: if not, this file has become unnecessary', async () => {
  await session.start({ agent: agent(), room: room as unknown as Room, record: false });
  await settled();
  expect(room.listensTo).toEqual(expect.arrayContaining([PROMPT_TOPIC, TYPED_TEXT_TOPIC]));
});

test('the session hears and speaks through the room, and its words are heard as they are spoken', async () => {
  const spoken: string[] = [];
  const words = { spoken: (text: string) => spoken.push(text), flushed: () => spoken.push('|') };
  roomIO = await startSessionInRoom(session, agent(), room as unknown as Room, 'customer-1', words);
  expect(session.input.audio).not.toBeNull();
  expect(session.output.audio).not.toBeNull();
  // Behind the synchroniser, where only what the voice has reached arrives.
  const { agentTranscriptOutput } = roomIO as unknown as { agentTranscriptOutput: voice.ParalellTextOutput };
  await agentTranscriptOutput.captureText('Hello');
  agentTranscriptOutput.flush();
  expect(spoken.slice(-2)).toEqual(['Hello', '|']);
});
