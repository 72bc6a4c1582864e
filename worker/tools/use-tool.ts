import { httpToolNamed } from '../../database/http-tools.ts';
import type { Env } from '../../durable-objects/env.ts';
import type { Profile } from '../../domain/profile/profile.ts';
import type { ToolAnswer, ToolUse } from '../../protocol/tools.ts';
import { doorTools } from '../../protocol/tools.ts';
import { useHttpTool } from './http-tool.ts';
import { useVehicleTool } from './vehicle-tools.ts';

/** Carries out one use of a tool. Null: the call's profile has none of that name (TOOL-1). */
export async function useTool(
  env: Env,
  profile: Profile,
  callId: string,
  name: string,
  use: ToolUse,
): Promise<ToolAnswer | null> {
  const own = doorTools.find((each) => each === name);
  if (own !== undefined && profile.tools.includes(own))
    return useVehicleTool(own, use.arguments, { database: env.DB, callId, nowMs: Date.now() });
  if (!profile.httpTools.includes(name)) return null;
  const tool = await httpToolNamed(env.DB, name);
  return tool === null ? null : useHttpTool(env, tool, use);
}
