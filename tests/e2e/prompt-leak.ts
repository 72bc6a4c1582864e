import { AgentSession } from '@livekit/protocol';
import { Room, RoomEvent } from '@livekit/rtc-node';

const TOPIC = 'lk.agent.session';
const ASK_EVERY_MS = 100;

export interface Heard {
  /** The agent published its voice: it was there to be asked. */
  readonly agentSpoke: boolean;
  /** Messages of the framework's session channel that reached the caller: each could hold the prompt. */
  readonly sessionMessages: number;
  /** Requests that went out. */
  readonly asked: number;
}

/** Joins as the caller and asks the framework, over and over, who the agent is and what was said. */
export async function listenForPrompt(as: { url: string; token: string; forMs: number }): Promise<Heard> {
  const room = new Room();
  let sessionMessages = 0;
  let agentSpoke = false;
  let asked = 0;
  room.registerByteStreamHandler(TOPIC, async (reader) => {
    await reader.readAll();
    sessionMessages++;
  });
  room.on(RoomEvent.TrackSubscribed, () => (agentSpoke = true));
  await room.connect(as.url, as.token, { autoSubscribe: true, dynacast: false });
  const untilMs = Date.now() + as.forMs;
  while (Date.now() < untilMs) {
    for (const request of ['getAgentInfo', 'getChatHistory'] as const) {
      const message = new AgentSession.AgentSessionMessage({
        message: {
          case: 'request',
          value: new AgentSession.SessionRequest({
            requestId: `r${asked}`,
            request: { case: request, value: {} },
          }),
        },
      });
      try {
        const writer = await room.localParticipant?.streamBytes({ topic: TOPIC, name: 'x' });
        await writer?.write(message.toBinary());
        await writer?.close();
        asked++;
      } catch {
        // Refused by the room: just as good.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  await room.disconnect();
  return { agentSpoke, sessionMessages, asked };
}
