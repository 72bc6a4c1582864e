import { initializeLogger } from '@livekit/agents';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { completeChat } from '../../agent-host/lab/chat-completions.ts';
import { chat } from '../../agent-host/src/models/openai.ts';
import { repositoryScenarios, tryScenario } from '../../agent-host/src/rehearsal/from-repository.ts';
import type { ToolDoor } from '../../agent-host/src/tools/tool-door.ts';
import type { Scenario } from '../../domain/scene/scenario.ts';
import { exampleProfiles } from '../../domain/profile/examples.ts';

/** The lab's model alone: it needs neither ears nor a voice. */
const lab = createServer((request, response) => {
  if (request.method === 'POST') void completeChat(request, response);
  // Clients ask for other things as they warm up.
  else response.writeHead(404).end();
});
beforeAll(async () => {
  initializeLogger({ pretty: false, level: 'silent' });
  lab.listen(0, '127.0.0.1');
  await once(lab, 'listening');
});
afterAll(() => void lab.close());

const mind = () =>
  chat({ apiKey: 'lab', baseUrl: `http://127.0.0.1:${(lab.address() as AddressInfo).port}/v1` }, 'lab-llm');
const named = (slug: string) => exampleProfiles.find((each) => each.slug === slug)!;

/** A Worker that has no vehicles yet. */
const door = (): ToolDoor => {
  const use = vi.fn<ToolDoor['use']>((tool, { vin, make, model, year }) =>
    Promise.resolve({
      ok: true,
      result: tool === 'look_up_vehicle' ? { found: false, vin } : { created: true, vin, make, model, year },
    }),
  );
  return { use };
};

describe('SCENE-5 the scenarios of the repository hold for the profiles that come with it', () => {
  for (const { slug } of exampleProfiles)
    test.each(repositoryScenarios(slug).map((each) => [each.name, each] as const))(
      `${slug}: %s`,
      async (_name, scenario) => {
        const verdict = await tryScenario(scenario, named(slug), mind(), door());
        expect(verdict.checks.filter(({ met }) => !met)).toEqual([]);
        expect(verdict.problem).toBeNull();
      },
    );
});

describe('SCENE-1 a rehearsal', () => {
  const scenario: Scenario = {
    name: 'x',
    customerName: null,
    lines: ['Please let me speak with a real person.'],
    expectations: [
      { kind: 'asksForPerson' },
      { kind: 'agentSays', text: 'You will hear nothing of the kind' },
    ],
  };

  test('says which expectation was not met, and why', async () => {
    const verdict = await tryScenario(scenario, named('auto-sales'), mind(), door());
    expect(verdict).toMatchObject({
      passed: false,
      problem: null,
      checks: [{ met: true }, { met: false, because: 'The agent never said so.' }],
    });
  });

  test('an agent whose model is gone has failed it', async () => {
    const nobody = chat({ apiKey: 'lab', baseUrl: 'http://127.0.0.1:9/v1' }, 'lab-llm');
    const verdict = await tryScenario(scenario, named('auto-sales'), nobody, door());
    expect(verdict.passed).toBe(false);
  }, 90_000);
});
