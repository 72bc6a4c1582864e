import { httpToolNamed } from '../../database/http-tools.ts';
import type { Env } from '../../durable-objects/env.ts';
import type { Profile } from '../../domain/profile/profile.ts';
import type { ToolAnswer, ToolUse } from '../../protocol/tools.ts';
import { doorTools } from '../../protocol/tools.ts';
import { useHttpTool } from './http-tool.ts';
import { NOTHING_DONE, useVehicleTool } from './vehicle-tools.ts';

/** Carries out one use of a tool. Null: the call's profile has none of that name (TOOL-1). */
export async function useTool(
  env: Env,
  { profile, rehearsal }: { readonly profile: Profile; readonly rehearsal: boolean },
  callId: string,
  name: string,
  use: ToolUse,
): Promise<ToolAnswer | null> {
  const own = doorTools.find((each) => each === name);
  if (own !== undefined && profile.tools.includes(own))
    return useVehicleTool(own, use.arguments, { database: env.DB, callId, nowMs: Date.now(), rehearsal });
  if (!profile.httpTools.includes(name)) return null;
  const tool = await httpToolNamed(env.DB, name);
  if (tool === null) return null;
  return rehearsal && tool.method === 'POST'
    ? { ok: true, result: { rehearsal: NOTHING_DONE } }
    : useHttpTool(env, tool, use);
}
