import type { Page } from 'playwright-core';
import type { CustomerVoice } from '../agent-host/lab/voice.ts';
import { rehearse } from '../agent-host/lab/rehearsal.ts';
import type { CallerReport } from '../agent-host/lab/caller.ts';
import { runScriptedCall } from '../agent-host/lab/caller.ts';
import { scriptFor } from '../agent-host/lab/scenarios.ts';
import { seededRandom } from '../agent-host/lab/seeded-random.ts';
import type { Stack } from '../scripts/stack/stack.ts';
import { startStack } from '../scripts/stack/stack.ts';
import { openBrowser, signIn } from '../tests/e2e/browser.ts';
import { machineMs } from './clock.ts';
import type { BenchResult } from './result.ts';
import { figure } from './result.ts';
import { spread } from './statistics.ts';

/** Calls in a run; `BENCH_CALLS` asks for fewer. */
const CALLS = Number(process.env.BENCH_CALLS ?? 8);
const BEHAVIOUR = 'polite-buyer';
const VOICE: CustomerVoice = 'alice';

interface Call {
  /** From asking for the token until the agent is heard, ms; null when it never was. */
  readonly firstSoundMs: number | null;
  readonly tokenMs: number;
  readonly report: CallerReport;
  /** From the ledger's stamp until the row stood in the page, ms. */
  readonly toPageMs: readonly number[];
}

/** Whole calls with sound through the whole stack, one after the other, watched in a browser. */
export async function firstCall(scope: AsyncDisposableStack): Promise<BenchResult> {
  const stack = await startStack({
    name: 'bench-first-call',
    keepState: false,
    web: 'built',
    labCalls: 0,
    seats: 3,
    minify: true,
    progress: (line) => console.error(line),
    onStop: (stop) => scope.defer(stop),
  });
  const browser = await openBrowser();
  scope.defer(() => browser.close());
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(noteRows);
  await signIn(page, stack.webUrl);

  const calls: Call[] = [];
  for (let seed = 1; seed <= CALLS; seed++) calls.push(await oneCall(stack, page, seed));
  const silent = calls.filter((call) => call.firstSoundMs === null).length;
  return {
    bench: 'first-call',
    what: `${CALLS} calls with sound, one after the other, scripted as ${BEHAVIOUR}`,
    measured: {
      'token request': spread(calls.map((call) => call.tokenMs)),
      'token asked for → first agent sound': spread(calls.flatMap((call) => call.firstSoundMs ?? [])),
      'in the room → first agent sound': spread(calls.flatMap((call) => call.report.firstAgentAudioMs ?? [])),
      'end of speech → first agent sound': spread(calls.flatMap((call) => call.report.responseLatenciesMs)),
      'event in the ledger → text in the page': spread(calls.flatMap((call) => call.toPageMs)),
    },
    figures: { 'calls in which no agent spoke': figure(silent, 'calls', { atMost: 0 }) },
    notes: [
      'Speech and model are the lab’s stand-ins: their delays are not a provider’s. Caller, media server, agent host, Worker and browser share the machine.',
      'The caller’s lines are spoken into memory before the token is asked for, so that this delays nothing.',
      'In the page: a MutationObserver’s time of the final row less its event’s `atMs`; rows that stood when the page was opened are left out. Same machine, same clock.',
    ],
  };
}

async function oneCall(stack: Stack, page: Page, seed: number): Promise<Call> {
  await rehearse(scriptFor(BEHAVIOUR, seededRandom(seed)), VOICE);
  const askedAtMs = machineMs();
  const askedAt = Date.now();
  const response = await fetch(`${stack.worker.url}/api/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.labKey}` },
    body: JSON.stringify({ profile: 'auto-sales', channel: 'lab', contact: { name: 'Robin Vale' } }),
  });
  if (response.status !== 201) throw new Error(`the call was refused: ${response.status}`);
  const { call, join } = (await response.json()) as Created;
  const tokenMs = machineMs() - askedAtMs;
  let firstSoundAt: number | null = null;
  const reported = runScriptedCall({
    ...join,
    behaviour: BEHAVIOUR,
    voice: VOICE,
    seed,
    onEvent: (event) => {
      if (event.type === 'agentStarted') firstSoundAt ??= event.atMs;
    },
  });
  await page.goto(`${stack.webUrl}/calls/${call.id}`);
  const report = await reported;
  const toPageMs = await delaysToPage(page, stack.webUrl, call.id);
  return { firstSoundMs: firstSoundAt === null ? null : firstSoundAt - askedAt, tokenMs, report, toPageMs };
}

interface Created {
  readonly call: { readonly id: string };
  readonly join: { readonly url: string; readonly token: string };
}

interface Noted {
  /** When the page was first drawn with rows or without, epoch ms. */
  openedAtMs: number;
  /** By ledger number, epoch ms. */
  rows: Record<string, number>;
}

/** Runs in the page before its own scripts: notes when each final row first stands in it. */
function noteRows(): void {
  const noted: Noted = { openedAtMs: 0, rows: {} };
  Object.assign(window, { noted });
  const look = (): void => {
    const atMs = Date.now();
    for (const row of document.querySelectorAll('[data-seq]')) {
      noted.rows[row.getAttribute('data-seq') ?? ''] ??= atMs;
      noted.openedAtMs ||= atMs;
    }
  };
  new MutationObserver(look).observe(document, {
    childList: true,
    subtree: true,
    attributeFilter: ['data-seq'],
  });
}

async function delaysToPage(page: Page, webUrl: string, callId: string): Promise<number[]> {
  const noted = (await page.evaluate('noted')) as Noted;
  const reply = await page.request.get(`${webUrl}/api/calls/${callId}/events?since=0`);
  const { events } = (await reply.json()) as {
    events: readonly { readonly type: string; readonly seq: number; readonly atMs: number }[];
  };
  return events.flatMap(({ type, seq, atMs }) => {
    const shownAtMs = noted.rows[String(seq)];
    return type === 'wordsSpoken' && shownAtMs !== undefined && atMs > noted.openedAtMs
      ? [shownAtMs - atMs]
      : [];
  });
}
