import type { CustomerVoice } from '../agent-host/lab/voice.ts';
import type { TurnMeasured } from '../domain/call/fact.ts';
import { runScriptedCall } from '../agent-host/lab/caller.ts';
import { rehearse } from '../agent-host/lab/rehearsal.ts';
import { scriptFor } from '../agent-host/lab/scenarios.ts';
import { seededRandom } from '../agent-host/lab/seeded-random.ts';
import { CUSTOMER_VOICE_NAMES } from '../agent-host/lab/voice.ts';
import { Deployment } from '../scripts/soak/deployment.ts';
import type { Stack } from '../scripts/stack/stack.ts';
import { startStack } from '../scripts/stack/stack.ts';
import { echoFloor } from './helpers/echo-floor.ts';
import type { BenchResult, Figure } from './result.ts';
import { figure, ratio } from './result.ts';
import { median, percentile, spread } from './statistics.ts';

const BEHAVIOUR = 'polite-buyer';
/** Calls at once, one rung after the other: `--calls 1,2,4,8`. */
const DEFAULT_RUNGS = '1,2,4';
const ECHOES = 10;
/** Between two starts: a host greets two calls at once no faster than one. */
const STAGGER_MS = 1_500;
/** A rung is given up after this long; what it measured counts. */
const RUNG_MS = 150_000;

interface Running {
  readonly stack: Stack;
  readonly deployment: Deployment;
}

interface Rung {
  readonly calls: number;
  /** End of the customer's speech → the agent's first sound, as the customer hears it, ms. */
  readonly heardMs: readonly number[];
  readonly turns: readonly TurnMeasured[];
  /** Calls in which no agent was heard. */
  readonly silent: number;
}

/** Whole calls through real LiveKit with models that answer at once, against an echo in the same media server. */
export async function voice(scope: AsyncDisposableStack): Promise<BenchResult> {
  const rungs = rungsFrom(process.argv);
  const stack = await startStack({
    name: 'bench-voice',
    keepState: false,
    web: 'none',
    labCalls: 0,
    seats: Math.max(...rungs),
    minify: true,
    progress: (line) => console.error(line),
    onStop: (stop) => scope.defer(stop),
  });
  if (stack.livekit === null) throw new Error('without a media server there is nothing to hear');
  const floor = await echoFloor(stack.livekit, ECHOES, scope);
  // The first call of a stack warms the voices; nobody's first call is measured.
  const running: Running = { stack, deployment: await Deployment.signIn(stack) };
  await climb(running, 1, 1);
  const climbed: Rung[] = [];
  for (const [index, calls] of rungs.entries()) {
    console.error(`${calls} calls at once`);
    climbed.push(await climb(running, calls, 100 * (index + 1)));
  }
  return resultOf(climbed, floor);
}

function resultOf(climbed: readonly Rung[], floor: readonly number[]): BenchResult {
  const [first] = climbed;
  if (first === undefined) throw new Error('at least one rung');
  const all = climbed.flatMap(({ turns }) => turns);
  const parts = (of: (turn: TurnMeasured) => number | null): number[] =>
    all.flatMap((turn) => of(turn) ?? []);
  const p95 = ({ heardMs }: Rung): number => percentile(heardMs, 0.95);
  const doubled = climbed.find((rung) => p95(rung) >= 2 * p95(first));
  const figures: Record<string, Figure> = {
    'p50, one call at a time': figure(median(first.heardMs), 'ms', { atMost: 500 }),
    'p95, one call at a time': figure(p95(first), 'ms', { atMost: 800 }),
    'p50 ÷ the echo’s p50': ratio(median(first.heardMs), median(floor)),
    'share that is not the wait for the end of the turn': figure(share(first.turns), '%'),
    'calls in which no agent spoke': figure(
      climbed.reduce((sum, { silent }) => sum + silent, 0),
      'calls',
      { atMost: 0 },
    ),
    ...(doubled === undefined
      ? { 'calls at once, p95 not doubled': figure(climbed.at(-1)?.calls ?? 0, 'calls') }
      : { 'calls at once at which p95 has doubled': figure(doubled.calls, 'calls') }),
  };
  return {
    bench: 'voice',
    what: `end of the customer’s speech → first sound of the agent, ${climbed.map(({ calls }) => calls).join(', ')} calls at once`,
    measured: {
      'echo through the same media server (floor)': spread(floor),
      ...Object.fromEntries(climbed.map((rung) => [`${rung.calls} at once, as heard`, spread(rung.heardMs)])),
      'of it, all calls: end of turn (framework waits)': spread(parts(({ endOfTurnMs }) => endOfTurnMs)),
      'of it, all calls: model’s first token': spread(parts(({ llmMs }) => llmMs)),
      'of it, all calls: voice’s first sound': spread(parts(({ ttsMs }) => ttsMs)),
      'as the agent measured it, all calls': spread(parts(({ totalMs }) => totalMs)),
    },
    figures,
    notes: [
      'The lab’s models answer without a delay of their own; its voice is synthesised on this machine, and a sentence said before comes from memory.',
      'Callers, media server, agent host, Worker and lab share the machine: on a host of its own more calls fit.',
      'The end of a turn is judged by the framework’s turn detector: 300 ms of silence at least, 1.8 s where it is unsure.',
    ],
  };
}

/** What a turn took beyond the framework's waiting for its end, of the whole, in percent. */
function share(turns: readonly TurnMeasured[]): number {
  const shares = turns.flatMap(({ totalMs, endOfTurnMs }) =>
    endOfTurnMs === null || totalMs === 0 ? [] : [(100 * Math.max(0, totalMs - endOfTurnMs)) / totalMs],
  );
  return median(shares);
}

async function climb(running: Running, calls: number, seed: number): Promise<Rung> {
  const over = AbortSignal.timeout(RUNG_MS);
  const made = await Promise.all(
    Array.from({ length: calls }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * STAGGER_MS));
      const voice = CUSTOMER_VOICE_NAMES[index % CUSTOMER_VOICE_NAMES.length] ?? 'alice';
      return oneCall(running, seed + index, voice, over);
    }),
  );
  return {
    calls,
    heardMs: made.flatMap(({ heardMs }) => heardMs),
    turns: made.flatMap(({ turns }) => turns),
    silent: made.filter(({ heard }) => !heard).length,
  };
}

async function oneCall(
  { stack, deployment }: Running,
  seed: number,
  voice: CustomerVoice,
  signal: AbortSignal,
) {
  // Speaking blocks this process: not while somebody else's call is measured.
  await rehearse(scriptFor(BEHAVIOUR, seededRandom(seed)), voice);
  const created = await fetch(`${stack.worker.url}/api/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.labKey}` },
    body: JSON.stringify({ profile: 'auto-sales', channel: 'lab', contact: { name: 'Robin Vale' } }),
  });
  if (created.status !== 201) throw new Error(`the call was refused: ${created.status}`);
  const { call, join } = (await created.json()) as {
    readonly call: { readonly id: string };
    readonly join: { readonly url: string; readonly token: string };
  };
  const report = await runScriptedCall({ ...join, behaviour: BEHAVIOUR, voice, seed, signal });
  const events = await deployment.ledger(call.id);
  return {
    heard: report.firstAgentAudioMs !== null,
    heardMs: report.responseLatenciesMs,
    turns: events.filter((event) => event.type === 'turnMeasured'),
  };
}

function rungsFrom(argv: readonly string[]): readonly number[] {
  const at = argv.findIndex((each) => each === '--calls' || each.startsWith('--calls='));
  const text = at < 0 ? DEFAULT_RUNGS : (argv[at]?.split('=')[1] ?? argv[at + 1] ?? DEFAULT_RUNGS);
  const rungs = text.split(',').map(Number);
  if (rungs.length === 0 || rungs.some((each) => !Number.isInteger(each) || each < 1 || each > 8))
    throw new Error('--calls takes numbers of calls at once from 1 to 8: 1,2,4,8');
  return rungs;
}
