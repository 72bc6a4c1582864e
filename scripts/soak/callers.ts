import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CallerReport } from '../../agent-host/lab/scripted-call.ts';
import type { Behaviour } from '../../agent-host/lab/scenarios.ts';
import { businessFor } from '../../agent-host/lab/scenarios.ts';
import { pick, seededRandom } from '../../agent-host/lab/seeded-random.ts';
import { CreatedCallSchema } from '../../protocol/api/calls.ts';
import type { Stack } from '../stack/stack.ts';
import type { CallerTask } from './caller-process.ts';

/** One call that was placed, from the caller's side. Times are epoch ms. */
export interface PlacedCall {
  readonly callId: string;
  readonly behaviour: Behaviour;
  readonly requestedAtMs: number;
  /** When the caller had left; null while it is on the line. */
  overAtMs: number | null;
  /** Null when it could not join its room, or is not over. */
  report: CallerReport | null;
  failure: string | null;
}

/** Talkative ones mostly: a silent caller says nothing that could be lost. */
const BEHAVIOURS: readonly Behaviour[] = [
  'polite-buyer',
  'loan-curious',
  'polite-buyer',
  'loan-curious',
  'interrupts',
  'polite-buyer',
  'hangs-up-mid-sentence',
  'loan-curious',
  'asks-for-person',
  'silent',
];
const REQUEST_WITHIN_MS = 10_000;
const AGAIN_AFTER_MS = 1_000;
/** The lab's own bound for a call is 180 s. */
const CALL_MOST_MS = 200_000;
const HUNG_UP_WITHIN_MS = 6_000;
const GONE_WITHIN_MS = 1_000;

/** Keeps so many scripted callers on the line until told to place no more. */
export class Callers {
  readonly placed: PlacedCall[] = [];
  /** Requests that the Worker did not answer with a call: it was restarting. */
  refusedRequests = 0;
  readonly #stack: Stack;
  readonly #hangUp = new AbortController();
  readonly #lines: Promise<void>[] = [];
  #placing = true;

  constructor(stack: Stack, atATime: number, seed: number) {
    this.#stack = stack;
    for (let line = 0; line < atATime; line++)
      this.#lines.push(this.#keepLine(seededRandom(seed * 31 + line), line));
  }

  /** No more calls; those on the line end by themselves, or are hung up after `graceMs`. */
  async finish(graceMs: number): Promise<void> {
    this.#placing = false;
    const timer = setTimeout(() => this.#hangUp.abort(), graceMs);
    await Promise.all(this.#lines);
    clearTimeout(timer);
  }

  async #keepLine(random: () => number, line: number): Promise<void> {
    await pause(line * 4_000);
    while (this.#placing) {
      const behaviour = pick(BEHAVIOURS, random);
      const seed = Math.floor(random() * 2 ** 31);
      try {
        await this.#call(behaviour, seed);
      } catch {
        this.refusedRequests++;
      }
      await pause(AGAIN_AFTER_MS);
    }
  }

  async #call(behaviour: Behaviour, seed: number): Promise<void> {
    const requestedAtMs = Date.now();
    const response = await fetch(`${this.#stack.worker.url}/api/calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#stack.labKey}` },
      body: JSON.stringify({
        profile: businessFor(behaviour),
        channel: 'lab',
        contact: { name: 'Robin Vale' },
      }),
      signal: AbortSignal.timeout(REQUEST_WITHIN_MS),
    });
    if (response.status !== 201) throw new Error(`the Worker answered ${response.status}`);
    const { call, join } = CreatedCallSchema.parse(await response.json());
    const placed: PlacedCall = {
      callId: call.id,
      behaviour,
      requestedAtMs,
      overAtMs: null,
      report: null,
      failure: null,
    };
    this.placed.push(placed);
    const over = await runCaller(
      { url: join?.url ?? '', token: join?.token ?? '', behaviour, seed },
      this.#hangUp.signal,
    );
    if ('report' in over) placed.report = over.report;
    // The media server was down, or came up too late for this caller: the call has to end all the same.
    else placed.failure = over.failure;
    placed.overAtMs = Date.now();
  }
}

type CallerOver = { readonly report: CallerReport } | { readonly failure: string };

/** Resolves when the caller's process is gone: whoever has reported has left, whatever its client believes. */
function runCaller(task: CallerTask, hangUp: AbortSignal): Promise<CallerOver> {
  const caller = fork(
    fileURLToPath(new URL('./caller-process.ts', import.meta.url)),
    [JSON.stringify(task)],
    {
      // Without it LiveKit's client writes twenty lines a second.
      env: { ...process.env, NODE_ENV: 'production' },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    },
  );
  const kill = (): void => void caller.kill('SIGKILL');
  const abort = (): void => {
    if (caller.connected) caller.send('hang up');
    setTimeout(kill, HUNG_UP_WITHIN_MS).unref();
  };
  const bound = setTimeout(kill, CALL_MOST_MS);
  if (hangUp.aborted) abort();
  else hangUp.addEventListener('abort', abort, { once: true });
  process.once('exit', kill);
  return new Promise((resolve) => {
    let over: CallerOver = { failure: 'its process ended without a report' };
    caller.once('message', (message) => {
      over = message as CallerOver;
      setTimeout(kill, GONE_WITHIN_MS).unref();
    });
    caller.once('error', () => undefined);
    caller.once('close', () => {
      clearTimeout(bound);
      hangUp.removeEventListener('abort', abort);
      process.off('exit', kill);
      resolve(over);
    });
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
