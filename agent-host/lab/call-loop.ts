/**
 * Keeps lab calls in progress against a running Worker, so that the board of a newcomer fills by itself.
 *
 * `node agent-host/lab/call-loop.ts` with WORKER_URL, LAB_KEY and, if three at a time are not right, LAB_CALLS.
 * SIGTERM and SIGINT end every call and the process within 3 s.
 */
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { runScriptedCall } from './caller.ts';
import { businessFor, type Behaviour } from './scenarios.ts';
import { pick } from './seeded-random.ts';

export interface CallLoop {
  readonly workerUrl: string;
  readonly labKey: string;
  /** Calls at a time, 1–8. */
  readonly calls: number;
  /** Ends every call and lets {@link keepCalling} resolve. */
  readonly signal: AbortSignal;
}

/** What the Worker answers to a lab call. */
const startedSchema = z.object({
  call: z.object({ id: z.string() }),
  join: z.object({ url: z.string(), token: z.string(), room: z.string(), identity: z.string() }),
});

const environmentSchema = z.object({
  WORKER_URL: z.url(),
  LAB_KEY: z.string().min(1),
  LAB_CALLS: z.coerce.number().int().min(1).max(8).default(3),
});

/**
 * What a line of the loop does in turn. Every third line, the second first, is a lively one, so that there is
 * nearly always an interruption or a wish for a person on the board.
 */
const CALM: readonly Behaviour[] = [
  'polite-buyer',
  'hangs-up-mid-sentence',
  'loan-curious',
  'polite-buyer',
  'silent',
  'loan-curious',
];
const LIVELY: readonly Behaviour[] = ['asks-for-person', 'interrupts'];

const FIRST_NAMES = [
  'Amara',
  'Bruno',
  'Celeste',
  'Dimitri',
  'Elsie',
  'Farid',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Kiran',
  'Lena',
  'Milo',
  'Nadia',
  'Otto',
  'Priya',
  'Rosa',
  'Samir',
  'Tilda',
  'Yusuf',
];
const LAST_NAMES = [
  'Abbott',
  'Bergström',
  'Castellano',
  'Delacroix',
  'Eastwood',
  'Fairweather',
  'Goldberg',
  'Hartley',
  'Iyer',
  'Jansen',
  'Kowalski',
  'Lindqvist',
  'Marchetti',
  'Novak',
  'Okafor',
  'Pemberton',
  'Quintero',
  'Rosenthal',
  'Sandoval',
  'Thornbury',
];

/** Between the starts of the first calls: an agent host greets two calls at once no faster than one. */
const STAGGER_MS = 1_500;
/** Between two calls of one line. */
const PAUSE_MIN_MS = 1_000;
const PAUSE_MAX_MS = 4_000;
/** The first wait after a failure; it doubles up to the longest, and half of it is chance. */
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_LONGEST_MS = 30_000;
/** Bound for the Worker's answer. */
const REQUEST_WITHIN_MS = 10_000;

/** Keeps the calls going until the signal. Never throws: what fails is logged without what was said, and tried again. */
export async function keepCalling(loop: CallLoop): Promise<void> {
  await Promise.all(Array.from({ length: loop.calls }, (_, line) => keepLine(loop, line)));
}

async function keepLine(loop: CallLoop, line: number): Promise<void> {
  await sleep(line * STAGGER_MS, loop.signal);
  let failures = 0;
  for (let turn = 0; !loop.signal.aborted; turn++) {
    try {
      await oneCall(loop, behaviourFor(line, turn));
      failures = 0;
    } catch (error) {
      if (loop.signal.aborted) return;
      failures++;
      console.error(`lab calls: line ${line + 1} failed (${describe(error)}), attempt ${failures}`);
    }
    await sleep(failures > 0 ? backoffMs(failures) : between(PAUSE_MIN_MS, PAUSE_MAX_MS), loop.signal);
  }
}

/** Lines start at different places, so that they do not say the same thing at the same time. */
function behaviourFor(line: number, turn: number): Behaviour {
  const choices = line % 3 === 1 ? LIVELY : CALM;
  return choices[(turn + line) % choices.length]!;
}

async function oneCall(loop: CallLoop, behaviour: Behaviour): Promise<void> {
  const { call, join } = await startCall(loop, behaviour);
  const startedAtMs = Date.now();
  const report = await runScriptedCall({ url: join.url, token: join.token, behaviour, signal: loop.signal });
  const seconds = Math.round((Date.now() - startedAtMs) / 1000);
  console.log(
    `lab calls: ${call.id} ${behaviour} ended by ${report.endedBy} after ${seconds} s, ${report.spoken.length} turns`,
  );
  if (report.firstAgentAudioMs === null && behaviour !== 'silent' && !loop.signal.aborted) {
    throw new Error('no agent spoke');
  }
}

async function startCall(loop: CallLoop, behaviour: Behaviour): Promise<z.infer<typeof startedSchema>> {
  const response = await fetch(new URL('/api/calls', loop.workerUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${loop.labKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      profile: businessFor(behaviour),
      channel: 'lab',
      contact: { name: fictionalName() },
    }),
    signal: AbortSignal.any([loop.signal, AbortSignal.timeout(REQUEST_WITHIN_MS)]),
  });
  if (response.status !== 201) {
    await response.body?.cancel();
    throw new Error(`the Worker answered ${response.status}`);
  }
  return startedSchema.parse(await response.json());
}

function fictionalName(): string {
  return `${pick(FIRST_NAMES, Math.random)} ${pick(LAST_NAMES, Math.random)}`;
}

function backoffMs(failures: number): number {
  const longest = Math.min(BACKOFF_LONGEST_MS, BACKOFF_FIRST_MS * 2 ** (failures - 1));
  return between(longest / 2, longest);
}

function between(low: number, high: number): number {
  return low + Math.random() * (high - low);
}

/** Short, and without anything that a message may quote. */
function describe(error: unknown): string {
  if (error instanceof z.ZodError) return 'the Worker answered something else than a started call';
  return error instanceof Error ? error.message : 'unknown failure';
}

/** Resolves early when the signal comes. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

async function main(): Promise<void> {
  const environment = environmentSchema.safeParse(process.env);
  if (!environment.success) {
    const names = environment.error.issues.map(({ path }) => path.join('.')).join(', ');
    console.error(`lab calls: missing or wrong in the environment: ${names}`);
    process.exit(2);
  }
  const { WORKER_URL: workerUrl, LAB_KEY: labKey, LAB_CALLS: calls } = environment.data;
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stop.abort();
      // Leaving a room can hang on a dead server; the promise to end in 3 s is kept regardless.
      setTimeout(() => process.exit(0), 2_800).unref();
    });
  }
  await keepCalling({ workerUrl, labKey, calls, signal: stop.signal });
  process.exit(0);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
