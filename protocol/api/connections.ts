import * as z from 'zod/mini';
import { contract } from './contract.ts';

const tag = 'Connections';

export const connectionIds = [
  'media',
  'database',
  'archive',
  'agents',
  'openai',
  'groq',
  'azureOpenai',
  'deepgram',
  'cartesia',
  'sarvam',
  'elevenlabs',
  'azureSpeech',
  'twilio',
  'livekitSip',
] as const;
const IdSchema = z.enum(connectionIds);
export type ConnectionId = (typeof connectionIds)[number];

export const ConnectionSchema = z.object({
  id: IdSchema,
  name: z.string(),
  kind: z.enum(['core', 'model', 'telephony']),
  purpose: z.string(),
  /** Names of the settings it needs, and which are there; never their values. */
  settings: z.array(z.object({ name: z.string(), present: z.boolean() })),
  /** Everything it needs is set. */
  configured: z.boolean(),
  /** A stand-in answers for it here. */
  simulated: z.boolean(),
});
export type Connection = z.infer<typeof ConnectionSchema>;

export const listConnections = contract({
  method: 'GET',
  path: '/api/connections',
  summary: 'What this deployment leans on, and whether it is configured',
  tag,
  status: 200,
  reply: z.object({ connections: z.array(ConnectionSchema) }),
});

export const ConnectionTestSchema = z.object({
  id: IdSchema,
  ok: z.boolean(),
  durationMs: z.number(),
  /** `notConfigured`: settings are missing. `refused`: the key was. `unreachable`, `timedOut`, `failed`: the other side. */
  code: z.enum(['ok', 'notConfigured', 'refused', 'unreachable', 'timedOut', 'failed']),
  /** What was found, or what to do; never a secret. */
  detail: z.string(),
});
export type ConnectionTest = z.infer<typeof ConnectionTestSchema>;

export const testConnection = contract({
  method: 'POST',
  path: '/api/connections/:connectionId/test',
  summary: 'Ask the other side a question that costs nothing, with the key we have',
  tag,
  params: z.strictObject({ connectionId: IdSchema }),
  status: 200,
  reply: ConnectionTestSchema,
});
