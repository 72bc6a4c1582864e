import type { llm } from '@livekit/agents';
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { PROTOCOL_VERSION } from '../../../protocol/version.ts';
import type { Profile } from '../../../domain/profile/profile.ts';
import { judgeScenario } from '../../../domain/scene/judge.ts';
import type { Scenario, ScenarioVerdict } from '../../../domain/scene/scenario.ts';
import { ScenarioSchema } from '../../../protocol/scenario.ts';
import type { Welcome } from '../call-link.ts';
import type { ToolDoor } from '../tools/tool-door.ts';
import { holdRehearsal } from './hold.ts';
import { InMemoryCall } from './in-memory-call.ts';

/** The scenarios that stand in the repository for a profile: `agent-host/scenarios/<slug>.json`. */
export function repositoryScenarios(slug: string): readonly Scenario[] {
  const file = new URL(`../../scenarios/${slug}.json`, import.meta.url);
  return z.parse(z.array(ScenarioSchema), JSON.parse(readFileSync(file, 'utf8')));
}

/** Holds one with this model and says what came of it. Nothing leaves this process but what the model is asked. */
export async function tryScenario(
  scenario: Scenario,
  profile: Profile,
  mind: llm.LLM,
  door: ToolDoor,
): Promise<ScenarioVerdict> {
  const observer = new InMemoryCall(profile.slug, scenario.customerName);
  const welcome: Welcome = {
    type: 'welcome',
    protocol: PROTOCOL_VERSION,
    callId: observer.call.request.callId,
    profile,
    contact: { name: scenario.customerName },
    history: [],
    successor: false,
    ended: false,
  };
  observer.observe(await holdRehearsal({ welcome, lines: scenario.lines, mind, door, observer }));
  const verdict = judgeScenario(scenario, observer.call, observer.events);
  if (verdict === null) throw new Error('a rehearsal that is through has ended');
  return verdict;
}
