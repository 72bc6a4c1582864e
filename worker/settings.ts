import * as z from 'zod/mini';
import type { Env } from '../durable-objects/env.ts';

const Secret = z.string().check(z.minLength(16));
const Simulated = z.array(z.enum(['media', 'speech', 'callers']));
const DemoLogins = z.array(z.object({ email: z.string(), password: z.string(), role: z.string() }));

const commaList = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

const SettingsSchema = z.object({
  /** Origins the pages are served from: cookies and sockets are taken from nobody else. */
  appOrigins: z.array(z.string()).check(z.minLength(1)),
  /** Pages elsewhere that may use the API with a key of theirs; normally none. */
  corsOrigins: z.array(z.string()),
  /** Signs sessions. */
  authSecret: Secret,
  /** Signs the agent door's tokens. */
  doorSecret: Secret,
  /** Agent hosts prove themselves with it when they send heartbeats. */
  agentHostKey: Secret,
  livekit: z.nullable(z.object({ url: z.string(), apiKey: z.string(), apiSecret: z.string() })),
  simulated: Simulated,
  /** Scripted callers may create calls with it. Development only. */
  labKey: z.nullable(Secret),
  /** The lab's telephone exchange: simulated people. Development only. */
  labPhoneUrl: z.nullable(z.string()),
  /** Checks who signed Twilio's callbacks. */
  twilioToken: z.nullable(z.string()),
  demoLogins: DemoLogins,
  /** Makes the first admin, once. It opens nothing when an account exists. */
  setupToken: z.nullable(Secret),
});
export type Settings = z.infer<typeof SettingsSchema>;

const decodedSettings = new WeakMap<Env, Settings>();

/**
 * The deployment's settings, decoded once an isolate.
 * @throws Error naming every missing or wrong setting, never its value.
 */
export function readSettings(env: Env): Settings {
  const known = decodedSettings.get(env);
  if (known !== undefined) return known;
  const settings = decodeSettings(env);
  decodedSettings.set(env, settings);
  return settings;
}

export function decodeSettings(env: Env): Settings {
  const livekit =
    env.LIVEKIT_URL && env.LIVEKIT_API_KEY && env.LIVEKIT_API_SECRET
      ? { url: env.LIVEKIT_URL, apiKey: env.LIVEKIT_API_KEY, apiSecret: env.LIVEKIT_API_SECRET }
      : null;
  const decoded = z.safeParse(SettingsSchema, {
    appOrigins: commaList(env.APP_ORIGINS),
    corsOrigins: commaList(env.CORS_ORIGINS),
    authSecret: env.AUTH_SECRET,
    doorSecret: env.DOOR_SECRET,
    agentHostKey: env.AGENT_HOST_KEY,
    livekit,
    simulated: commaList(env.SIMULATED),
    labKey: env.LAB_KEY || null,
    labPhoneUrl: env.LAB_PHONE_URL || null,
    twilioToken: env.TWILIO_AUTH_TOKEN || null,
    demoLogins: parseJson(env.DEMO_LOGINS ?? '[]'),
    setupToken: env.SETUP_TOKEN || null,
  });
  if (decoded.success) {
    refuseDemonstration(env, decoded.data);
    return decoded.data;
  }
  const wrong = decoded.error.issues.map(
    (issue) => `${settingNames[String(issue.path[0])] ?? String(issue.path[0])} (${issue.code})`,
  );
  throw new Error(`settings missing or wrong: ${wrong.join(', ')}`);
}

const settingNames: Record<string, string> = {
  appOrigins: 'APP_ORIGINS',
  corsOrigins: 'CORS_ORIGINS',
  authSecret: 'AUTH_SECRET',
  doorSecret: 'DOOR_SECRET',
  agentHostKey: 'AGENT_HOST_KEY',
  livekit: 'LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET',
  simulated: 'SIMULATED',
  labKey: 'LAB_KEY',
  labPhoneUrl: 'LAB_PHONE_URL',
  twilioToken: 'TWILIO_AUTH_TOKEN',
  demoLogins: 'DEMO_LOGINS',
  setupToken: 'SETUP_TOKEN',
};

/** Secrets that stand in somebody's example, documentation or tests. */
const EXAMPLE =
  /^(test|dev|demo|example|change|admin|earshot)[-_.]|^(secret|password|changeme|devkey|devsecret)|(.)\3{7}/i;

/**
 * A deployment that simulates nothing is a production: it does not start with what is made for development.
 * @throws Error naming every such setting, never its value.
 */
function refuseDemonstration(env: Env, settings: Settings): void {
  if (settings.simulated.length > 0) return;
  const secrets = [
    ...(['AUTH_SECRET', 'DOOR_SECRET', 'AGENT_HOST_KEY', 'SETUP_TOKEN'] as const),
    ...(['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'] as const),
  ];
  const found = [
    ...(settings.labKey === null ? [] : ['LAB_KEY']),
    ...(settings.labPhoneUrl === null ? [] : ['LAB_PHONE_URL']),
    ...(settings.demoLogins.length === 0 ? [] : ['DEMO_LOGINS']),
    ...secrets.filter((name) => EXAMPLE.test(env[name] ?? '')),
  ];
  if (found.length === 0) return;
  throw new Error(`made for development, refused because SIMULATED is empty: ${found.join(', ')}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
