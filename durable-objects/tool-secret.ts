import { secretSetting } from '../domain/profile/http-tool.ts';
import type { Env } from './env.ts';

/** The value of a tool's secret, `TOOL_SECRET_<name>` of the environment; undefined where there is none. */
export function toolSecret(env: Env, name: string): string | undefined {
  const value = (env as unknown as Record<string, unknown>)[secretSetting(name)];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
