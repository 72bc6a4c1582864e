import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { Stack } from '../stack/stack.ts';

const EVERY_MS = 4_000;

/** A host that only says it is there: seats for `/readyz`, and an answer to who takes the calls that are made. */
export async function keepHostHeard(stack: Stack): Promise<{ stop(): void }> {
  const beat = async (): Promise<void> => {
    await fetch(`${stack.worker.url}/api/fleet/heartbeat`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.agentHostKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        protocol: PROTOCOL_VERSION,
        hostId: 'fuzz-host',
        agentName: 'fuzz-host',
        startedAtMs: Date.now(),
        seats: 2,
        activeCallIds: [],
        draining: false,
        callsFailed: 0,
        callsServed: 0,
        firstAudioP95Ms: null,
      }),
    });
  };
  await beat();
  const timer = setInterval(() => void beat().catch(() => undefined), EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
