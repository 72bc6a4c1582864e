import type { llm } from '@livekit/agents';
import { voice } from '@livekit/agents';
import { randomUUID } from 'node:crypto';
import type { Observation, SessionEnding } from '../../../domain/call/input.ts';
import type { Welcome } from '../call-link.ts';
import { Ending } from '../ending.ts';
import type { Observer } from '../observe.ts';
import { observeSession } from '../observe.ts';
import { newAgent } from '../session.ts';
import { agentTools } from '../tools/agent-tools.ts';
import { effectsOn } from '../tools/tool-effects.ts';
import type { ToolDoor } from '../tools/tool-door.ts';

/** An agent that has not answered a line by then has failed. */
const ANSWER_MS = 60_000;

export interface Rehearsal {
  readonly welcome: Welcome;
  /** What the customer says, each when the agent has answered the one before. */
  readonly lines: readonly string[];
  readonly mind: llm.LLM;
  readonly door: ToolDoor;
  readonly observer: Observer;
}

/**
 * Holds a conversation in words, without sound (SCENE-1): the agent is the one that serves calls, with the same instructions,
 * tools and rules; only its ears, voice and what they take time for are left out. Never throws.
 */
export async function holdRehearsal(rehearsal: Rehearsal): Promise<SessionEnding> {
  const { welcome, lines, mind, door, observer } = rehearsal;
  const ending = new Ending();
  const observe = (observation: Observation): void => observer.observe(observation);
  const greeting = welcome.briefing?.greeting ?? welcome.profile.greeting;
  observe(words('agent', greeting));
  const { tools, over } = agentTools(welcome, effectsOn(observe, ending), door);
  const session = new voice.AgentSession({ llm: mind, vad: null });
  const observation = observeSession(session, observer, { voiceStreams: false });
  try {
    const greeted = [...welcome.history, { speaker: 'agent' as const, text: greeting, interrupted: false }];
    await session.start({ agent: newAgent({ ...welcome, history: greeted }, tools), record: false });
    for (const line of lines) {
      if (ending.ended !== null) break;
      observe(words('customer', line));
      await answered(session, line, ending);
    }
    ending.end('customer', 'the scenario is through');
  } catch {
    ending.end('error', 'the agent did not answer');
  }
  over();
  observation.finish();
  await session.close().catch(() => undefined);
  const { by, reason, outcome } = await ending.over;
  return { type: 'sessionEnding', by: by ?? 'error', reason, ...(outcome === undefined ? {} : { outcome }) };
}

/** Until the agent has answered, hung up, or taken too long. */
async function answered(session: voice.AgentSession, line: string, ending: Ending): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), ANSWER_MS);
  });
  try {
    await Promise.race([session.run({ userInput: line }).wait(), ending.over, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

function words(speaker: 'agent' | 'customer', text: string): Observation {
  const nowMs = Date.now();
  return {
    type: 'wordsSpoken',
    utteranceId: randomUUID(),
    ...{ speaker, text, startedAtMs: nowMs, endedAtMs: nowMs, interrupted: false },
  };
}
