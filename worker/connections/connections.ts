import type { Env } from '../../durable-objects/env.ts';
import type { Connection, ConnectionId, ConnectionTest } from '../../protocol/api/connections.ts';
import type { Check } from '../operations/readiness.ts';
import { sipClient } from '../livekit/clients.ts';
import { checkOne } from '../operations/readiness.ts';
import type { Settings } from '../settings.ts';
import { configuredIn } from './provider.ts';
import { providers } from './provider.ts';
import { testProvider } from './test-provider.ts';

const LIVEKIT = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'];

interface Core {
  readonly id: ConnectionId;
  readonly name: string;
  readonly kind: Connection['kind'];
  readonly purpose: string;
  readonly settings: readonly string[];
}

const core: readonly Core[] = [
  { id: 'media', name: 'LiveKit', kind: 'core', purpose: 'rooms and sound of every call', settings: LIVEKIT },
  { id: 'database', name: 'Database (D1)', kind: 'core', purpose: 'accounts, history, search', settings: [] },
  { id: 'archive', name: 'Storage (R2)', kind: 'core', purpose: 'ledgers and recordings', settings: [] },
  {
    id: 'agents',
    name: 'Agent hosts',
    kind: 'core',
    purpose: 'take the calls',
    settings: ['AGENT_HOST_KEY'],
  },
  {
    id: 'livekitSip',
    name: 'LiveKit SIP',
    kind: 'telephony',
    purpose: 'phone calls by SIP trunk',
    settings: LIVEKIT,
  },
];

/** Which part of readiness tells of a connection. */
const checkOf: Partial<Record<ConnectionId, Check['name']>> = {
  media: 'media',
  database: 'database',
  archive: 'archive',
  agents: 'agentSeats',
};

export function describeConnections(env: Env, settings: Settings): Connection[] {
  const configured = configuredIn(env);
  return [...core, ...providers].map(({ id, name, kind, purpose, settings: needed }) => {
    const present = needed.map((setting) => ({ name: setting, present: configured(setting) !== undefined }));
    return {
      id,
      name,
      kind,
      purpose,
      settings: present,
      configured: present.every((each) => each.present),
      simulated: id === 'media' && settings.simulated.includes('media'),
    };
  });
}

export async function testConnection(
  env: Env,
  settings: Settings,
  id: ConnectionId,
): Promise<ConnectionTest> {
  const startedAtMs = Date.now();
  const known = describeConnections(env, settings).find((each) => each.id === id);
  const missing = known?.settings.filter((each) => !each.present).map((each) => each.name) ?? [];
  const outcome =
    missing.length > 0 && known?.simulated !== true
      ? ({ ok: false, code: 'notConfigured', detail: `Set ${missing.join(', ')}.` } as const)
      : await ask(env, settings, id);
  return { id, durationMs: Date.now() - startedAtMs, ...outcome };
}

async function ask(
  env: Env,
  settings: Settings,
  id: ConnectionId,
): Promise<Pick<ConnectionTest, 'ok' | 'code' | 'detail'>> {
  const provider = providers.find((each) => each.id === id);
  if (provider !== undefined) return testProvider(provider, configuredIn(env));
  if (id === 'livekitSip') return askSip(settings);
  const name = checkOf[id];
  if (name === undefined) return { ok: false, code: 'failed', detail: 'Unknown.' };
  const { ok, detail } = await checkOne(name, env, settings);
  return { ok, code: ok ? 'ok' : 'failed', detail: sentence(detail) };
}

async function askSip({ livekit }: Settings): Promise<Pick<ConnectionTest, 'ok' | 'code' | 'detail'>> {
  if (livekit === null) return { ok: false, code: 'notConfigured', detail: 'There is no media server.' };
  try {
    const trunks = await sipClient(livekit).listSipOutboundTrunk();
    return { ok: true, code: 'ok', detail: `Answers, ${trunks.length} outbound trunks.` };
  } catch {
    return {
      ok: false,
      code: 'failed',
      detail: 'The media server has no SIP service. It needs Redis and LiveKit SIP.',
    };
  }
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
