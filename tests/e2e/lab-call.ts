import type { Behaviour } from '../../agent-host/lab/scenarios.ts';
import { businessFor } from '../../agent-host/lab/scenarios.ts';
import type { CallerEvent, CallerReport } from '../../agent-host/lab/caller.ts';
import { runScriptedCall } from '../../agent-host/lab/caller.ts';
import type { Stack } from '../../scripts/stack/stack.ts';

export interface LabCall {
  readonly callId: string;
  readonly report: Promise<CallerReport>;
}

export interface LabCallOptions {
  /** Default: the behaviour's own. */
  readonly profile?: string;
  readonly onEvent?: (event: CallerEvent) => void;
}

/** Requests a call as the lab's callers do. */
export async function requestLabCall(
  stack: Stack,
  name = 'Robin Vale',
  profile = 'auto-sales',
): Promise<{ callId: string; join: { url: string; token: string } }> {
  const response = await fetch(`${stack.worker.url}/api/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.labKey}` },
    body: JSON.stringify({ profile, channel: 'lab', contact: { name } }),
  });
  if (response.status !== 201) {
    throw new Error(`the call was refused: ${response.status} ${await response.text()}`);
  }
  const { call, join } = (await response.json()) as {
    call: { id: string };
    join: { url: string; token: string };
  };
  return { callId: call.id, join };
}

/** A scripted customer who really speaks into the call's room. */
export async function startLabCall(
  stack: Stack,
  behaviour: Behaviour,
  seed: number,
  name?: string,
  { profile = businessFor(behaviour), ...more }: LabCallOptions = {},
): Promise<LabCall> {
  const { callId, join } = await requestLabCall(stack, name, profile);
  return { callId, report: runScriptedCall({ url: join.url, token: join.token, behaviour, seed, ...more }) };
}
