import type { llm } from '@livekit/agents';
import type { Profile, ToolName } from '../../../domain/profile/profile.ts';
import type { Welcome } from '../call-link.ts';
import { doNotCallTool } from './do-not-call.ts';
import { endCallTool } from './end-call.ts';
import { httpTool } from './http-tools.ts';
import { recordAnswerTool } from './record-answer.ts';
import { requestHumanTool } from './request-human.ts';
import { scheduleCallBackTool } from './schedule-call-back.ts';
import type { ToolDoor } from './tool-door.ts';
import type { ToolEffects } from './tool-effects.ts';
import { vehicleTools } from './vehicles.ts';
import { DoNotCallWish } from './wishes.ts';

export interface AgentTools {
  readonly tools: Record<string, AnyTool>;
  /** The call is over: what the customer wished and did not take back stands. */
  over(): void;
}
// The framework's own type of a map of tools.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyTool = llm.AnonFunctionTool<any, any, any>;

/** What an agent can always do: to be let go, and to be left alone, is nobody's choice but the customer's. */
const ALWAYS: readonly ToolName[] = ['do_not_call', 'end_call'];

/** What the agent can do beside talking: what its profile says. What a tool may do is decided here, whatever the model was talked into. */
export function agentTools(
  { profile, httpTools = [] }: { readonly profile: Profile; readonly httpTools?: Welcome['httpTools'] },
  effects: ToolEffects,
  door: ToolDoor,
  /** `switch_language`, where there is another language to go on in. */
  switchLanguage: AnyTool | null = null,
): AgentTools {
  const wish = new DoNotCallWish(() => effects.doNotCall());
  const all: Partial<Record<ToolName, AnyTool>> = {
    do_not_call: doNotCallTool(wish),
    end_call: endCallTool(effects),
    request_human: requestHumanTool(effects, profile.transferTo),
    schedule_call_back: scheduleCallBackTool(effects),
    ...(profile.questions.length === 0
      ? {}
      : { record_answer: recordAnswerTool(effects, profile.questions) }),
    ...vehicleTools(door),
    ...(switchLanguage === null ? {} : { switch_language: switchLanguage }),
  };
  const offered = (name: string): boolean => [...ALWAYS, ...profile.tools].some((each) => each === name);
  return {
    tools: {
      // First, so that none of them ever stands in for one of ours.
      ...Object.fromEntries(httpTools.map((each) => [each.name, httpTool(door, each)])),
      ...Object.fromEntries(Object.entries(all).filter(([name]) => offered(name))),
    },
    over: () => wish.over(),
  };
}
