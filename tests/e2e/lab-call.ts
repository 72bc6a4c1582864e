import type { Behaviour } from '../../agent-host/lab/scenarios.ts';
import type { CallerReport } from '../../agent-host/lab/caller.ts';
import { runScriptedCall } from '../../agent-host/lab/caller.ts';
import type { Stack } from '../../scripts/stack/stack.ts';

export interface LabCall {
  readonly callId: string;
  readonly report: Promise<CallerReport>;
}

/** A scripted customer who really speaks into the call's room. */
export async function startLabCall(
  stack: Stack,
  behaviour: Behaviour,
  seed: number,
  name = 'Robin Vale',
): Promise<LabCall> {
  const response = await fetch(`${stack.worker.url}/api/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.labKey}` },
    body: JSON.stringify({ profile: 'auto-sales', channel: 'lab', contact: { name } }),
  });
  if (response.status !== 201)
    throw new Error(`the call was refused: ${response.status} ${await response.text()}`);
  const { call, join } = (await response.json()) as {
    call: { id: string };
    join: { url: string; token: string };
  };
  return { callId: call.id, report: runScriptedCall({ url: join.url, token: join.token, behaviour, seed }) };
}
