import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { foldCall } from '../domain/call/apply.ts';
import type { CallEvent } from '../domain/call/fact.ts';
import { CallEventSchema } from '../protocol/ledger.ts';
import { EventsReplySchema } from '../protocol/api/calls.ts';
import { signInCookie } from './stack/sign-in.ts';

/**
 * `npm run replay -- <call id | ledger.ndjson> [--words]`: the timeline of a call and the hash of the state it folds to.
 * A call id is asked of a running deployment: EARSHOT_URL (default the development one) with EARSHOT_COOKIE, or the demo
 * login. Words are personal data and only printed when asked for.
 */
const [source] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
if (source === undefined) {
  console.error('Which call? npm run replay -- <call id | path of a ledger.ndjson>');
  process.exit(2);
}
const events = /^[0-9a-f-]{36}$/.test(source) ? await fromDeployment(source) : await fromFile(source);
const call = foldCall(events);
if (call === null) {
  console.error('That ledger is empty.');
  process.exit(1);
}
for (const event of events) {
  const seconds = ((event.atMs - call.requestedAtMs) / 1000).toFixed(3).padStart(9);
  console.log(`${String(event.seq).padStart(5)} ${seconds} s  ${describe(event)}`);
}
const hash = createHash('sha256').update(JSON.stringify(call)).digest('hex');
console.log(
  `\n${events.length} events, ${call.phase}${call.end ? ` (${call.end.outcome})` : ''}\nstate sha256 ${hash}`,
);

function describe(event: CallEvent): string {
  switch (event.type) {
    case 'wordsSpoken':
      return `${event.speaker} spoke ${event.endedAtMs - event.startedAtMs} ms${event.interrupted ? ', cut off' : ''}${
        process.argv.includes('--words') ? `: ${event.text}` : ''
      }`;
    case 'agentOffered':
      return `offered to ${event.hostId} (offer ${event.offer})`;
    case 'callEnded':
      return `ended: ${event.outcome}, by the ${event.endedBy}, ${event.reason}`;
    default:
      return event.type;
  }
}

async function fromFile(path: string): Promise<CallEvent[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => CallEventSchema.parse(JSON.parse(line)));
}

async function fromDeployment(callId: string): Promise<CallEvent[]> {
  const base = process.env.EARSHOT_URL ?? 'http://localhost:5173';
  const cookie = process.env.EARSHOT_COOKIE ?? (await demoCookie(base));
  const found: CallEvent[] = [];
  for (;;) {
    const response = await fetch(`${base}/api/calls/${callId}/events?since=${found.length}`, {
      headers: { cookie },
    });
    if (!response.ok) throw new Error(`${base} answered ${response.status} for this call`);
    const page = EventsReplySchema.parse(await response.json());
    found.push(...page.events);
    if (found.length >= page.head || page.events.length === 0) return found;
  }
}

/** The development deployment offers ready logins; any other needs EARSHOT_COOKIE. */
async function demoCookie(base: string): Promise<string> {
  const health = (await (await fetch(`${base}/api/health`)).json()) as {
    demoLogins?: { email: string; password: string }[];
  };
  const login = health.demoLogins?.[0];
  if (login === undefined) throw new Error('set EARSHOT_COOKIE to the cookie of a signed-in session');
  return signInCookie(base, base, login);
}
