import { initializeLogger, voice } from '@livekit/agents';
import { afterEach, beforeAll, vi } from 'vitest';
import type { Welcome } from '../../agent-host/src/call-link.ts';
import { agentTools } from '../../agent-host/src/tools/agent-tools.ts';
import type { DoorAnswer, ToolDoor } from '../../agent-host/src/tools/tool-door.ts';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import type { Profile } from '../../domain/profile/profile.ts';

export type Reply = ConstructorParameters<typeof voice.testing.FakeLLM>[0];

export const profileNamed = (slug: string, change: Partial<Profile> = {}): Profile => ({
  ...exampleProfiles.find((each) => each.slug === slug)!,
  ...change,
});

/** The fake model is asked with the tool's result as the framework writes it down. */
export const after = (result: string, content: string) => [
  { input: result, content },
  { input: JSON.stringify(result), content },
];

export interface Talk {
  readonly door: ReturnType<typeof vi.fn<ToolDoor['use']>>;
  readonly profile?: Profile;
  readonly httpTools?: Welcome['httpTools'];
}

let session: voice.AgentSession | null = null;

/** Call once a file. */
export function talkInTests(): void {
  beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));
  afterEach(async () => {
    await session?.close();
    session = null;
  });
}

export const answering = (answer: DoorAnswer) => vi.fn<ToolDoor['use']>(() => Promise.resolve(answer));

/** A conversation with the real framework and a model that says what it is told to; without sound. */
export async function talk(replies: Reply, given: Partial<Talk> = {}) {
  const effects = {
    humanRequested: vi.fn<(reason: string) => void>(),
    endCall: vi.fn<(reason: string) => void>(),
    doNotCall: vi.fn<() => void>(),
    callBack: vi.fn<(forAtMs: number) => void>(),
    answer: vi.fn<(question: string, answer: string) => void>(),
  };
  const door = given.door ?? answering('down');
  const profile = given.profile ?? profileNamed('auto-sales', { transferTo: null });
  const { tools, over } = agentTools({ profile, httpTools: given.httpTools }, effects, { use: door });
  const used: { name: string; gave: string; isError: boolean }[] = [];
  session = new voice.AgentSession({ llm: new voice.testing.FakeLLM(replies), vad: null });
  session.on(voice.AgentSessionEventTypes.FunctionToolsExecuted, (event) => {
    for (const [index, { name }] of event.functionCalls.entries()) {
      const output = event.functionCallOutputs[index];
      used.push({ name, gave: output?.output ?? '', isError: output?.isError ?? false });
    }
  });
  await session.start({ agent: new voice.Agent({ instructions: 'Be brief.', tools }), record: false });
  const say = async (userInput: string) => {
    const run = session!.run({ userInput });
    await run.wait();
    return run;
  };
  return { ...effects, door, tools, used, over, say };
}
