/**
 * How a session is joined to a room, past the two ways the framework would do it that we cannot use. Pinned to
 * @livekit/agents 1.9.0 and held by tests/agent-host/join-session-to-room.test.ts: an update that moves what is relied
 * on here fails there, not in a call.
 */
import type { Room } from '@livekit/rtc-node';
import { voice } from '@livekit/agents';

/**
 * Gives the session the room's sound, then starts it. In this order: sound that comes after the start is not heard.
 *
 * `session.start({ room })` would do both, and also open a host that answers whoever speaks on the room's byte-stream
 * topic `lk.agent.session`: a caller who asked was sent the system prompt, the tools and the conversation. There is no
 * option against it. Closing that host right after `start` is not enough: a caller who kept asking while the session
 * started was answered 30 times before the close (20 November 2026). A session that never sees the room has no host.
 */
export async function startSessionInRoom(
  session: voice.AgentSession,
  agent: voice.Agent,
  room: Room,
  customerIdentity: string,
  listener: SpokenWords,
): Promise<voice.RoomIO> {
  // Only notes the agent; the room's output asks for it before there is one.
  session.updateAgent(agent);
  const roomIO = new voice.RoomIO({
    agentSession: session,
    room,
    participant: customerIdentity,
    inputOptions: {
      // The customer speaks; text from the room would be a way to type at the model.
      textEnabled: false,
      // A broken connection is no hang-up: see `endWithCustomer`.
      closeOnDisconnect: false,
    },
  });
  roomIO.start();
  hearSpokenWords(roomIO, listener);
  await session.start({ agent, record: false });
  return roomIO;
}

/** Hears the agent's words as they are spoken. */
export interface SpokenWords {
  /** The next word or words, with their spaces; called when the voice reaches them. */
  spoken(text: string): void;
  /** The stretch is over: spoken to its end, or cut. */
  flushed(): void;
}

/**
 * Adds a listener behind the synchroniser that paces the agent's words to its voice. Only there is it known how much
 * was said before a barge-in: an interrupted `say` carries its whole text in the conversation item. The field is
 * private; without it there are no words as they are spoken, and that is worth a call that fails in a test.
 */
function hearSpokenWords(roomIO: voice.RoomIO, listener: SpokenWords): void {
  const { agentTranscriptOutput } = roomIO as unknown as { agentTranscriptOutput?: voice.ParalellTextOutput };
  const sinks = agentTranscriptOutput?._sinks;
  if (sinks === undefined) throw new Error('the room has no transcription output: the framework has changed');
  const tap = {
    captureText: (text: string | voice.TimedString): Promise<void> => {
      listener.spoken(typeof text === 'string' ? text : text.text);
      return Promise.resolve();
    },
    flush: () => listener.flushed(),
  };
  sinks.push(tap as unknown as (typeof sinks)[number]);
}
