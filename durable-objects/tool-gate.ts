import type { Profile } from '../domain/profile/profile.ts';
import type { CallRefusal } from '../domain/call/refusal.ts';
import type { CallState } from '../domain/call/state.ts';
import { callRefusals } from '../domain/call/refusal.ts';
import { hasEnded } from '../domain/call/state.ts';

/** Lets whoever serves the call now use tools, and gives the profile that says which, and whether it is only a rehearsal (SCENE-3). An agent that was given up uses none. */
export function letUseTools(
  call: CallState | null,
  { offer, hostId }: { readonly offer: number; readonly hostId: string },
  kept: () => { readonly profile: Profile; readonly rehearsal: boolean },
):
  | { readonly ok: true; readonly profile: Profile; readonly rehearsal: boolean }
  | ({ readonly ok: false } & CallRefusal) {
  const refuse = (code: CallRefusal['code']) => ({ ok: false, code, message: callRefusals[code] }) as const;
  if (call === null) return refuse('call_unknown');
  if (hasEnded(call)) return refuse('call_ended');
  const seat = call.agents.at(-1);
  if (seat === undefined) return refuse('session_unknown');
  if (seat.offer !== offer || seat.hostId !== hostId || seat.leftAtMs !== null)
    return refuse('agent_superseded');
  return { ok: true, ...kept() };
}
