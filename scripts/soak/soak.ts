import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '../stack/paths.ts';
import type { Stack } from '../stack/stack.ts';
import { startStack } from '../stack/stack.ts';
import { Adversary } from './adversary.ts';
import { Callers } from './callers.ts';
import { checkNoticed, checkOneAgent, unexplainedLosses } from './checks/agents.ts';
import { checkCopies } from './checks/copies.ts';
import { checkEnds } from './checks/ends.ts';
import { checkLines } from './checks/lines.ts';
import { checkRest, checkVoices } from './checks/rest.ts';
import { checkSuccessors } from './checks/successors.ts';
import { Deployment } from './deployment.ts';
import type { Evidence, Finding } from './evidence.ts';
import { Hosts } from './hosts.ts';
import { RoomWatch } from './room-watch.ts';
import { gatherAtRest } from './settle.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { WireWitness } from './wire-witness.ts';

export interface SoakOptions {
  /** Below `.earshot/`: logs and, for reading afterwards, every ledger. */
  readonly name: string;
  readonly minutes: number;
  /** Determines what is done and in which order, and what callers say; not what comes of it. */
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly onStop?: (stop: () => Promise<void>) => void;
}

export interface SoakResult {
  readonly findings: readonly Finding[];
  readonly evidence: Evidence;
  /** Not against a rule, and worth a look. */
  readonly remarks: readonly string[];
}

const CALLS_AT_A_TIME = 2;
const SEATS = 3;
const HOSTS = ['a', 'b'];
/** Callers on the line when the last one was placed may finish; most take a minute. */
const LAST_CALLS_MS = 45_000;

/** Lets callers call and an adversary do harm for so many minutes, then holds what is left against the call rules. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const home = join(WORKSPACE, options.name);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, 'logs'), { recursive: true });
  const write = (file: string, line: string): void =>
    appendFileSync(join(home, 'logs', file), `${new Date().toISOString()} ${line}\n`);
  const say = (line: string): void => {
    write('soak.log', line);
    options.say(line);
  };
  // First of all on the way out: a host that ends then must not be started again.
  const beforeStop: (() => void)[] = [];
  const { onStop } = options;
  const stack = await startStack({
    name: options.name,
    keepState: false,
    web: 'none',
    labCalls: 0,
    seats: SEATS,
    minify: true,
    agentHost: false,
    workerLog: (line) => write('worker.log', line),
    progress: say,
    onStop: (stop) =>
      onStop?.(() => {
        for (const each of beforeStop) each();
        return stop();
      }),
  });
  try {
    return await soakStack(stack, home, { ...options, say }, beforeStop);
  } finally {
    await stack.stop();
  }
}

async function soakStack(
  stack: Stack,
  home: string,
  { minutes, seed, say }: SoakOptions,
  beforeStop: (() => void)[],
): Promise<SoakResult> {
  if (stack.livekit === null) throw new Error('a soak needs a media server');
  const witness = new WireWitness();
  const proxy = await startTcpProxy(Number(new URL(stack.worker.url).port), witness);
  const hosts = new Hosts(stack, proxy, witness, HOSTS);
  beforeStop.push(() => hosts.close());
  const rooms = new RoomWatch(stack.livekit);
  try {
    say(`Starting ${HOSTS.length} agent hosts`);
    await hosts.start();
    const deployment = await Deployment.signIn(stack);
    const watching = rooms.watch();
    say(`Calling, ${CALLS_AT_A_TIME} at a time, for ${minutes} minutes; seed ${seed}`);
    const callers = new Callers(stack, CALLS_AT_A_TIME, seed);
    const adversary = new Adversary({ stack, hosts, proxy }, seed, say);
    await adversary.rage(Date.now() + minutes * 60_000);
    say('No more calls: waiting for the last ones to end');
    await callers.finish(LAST_CALLS_MS);
    await hosts.allBack();
    rooms.stop();
    await watching;
    const calls = await gatherAtRest(stack, deployment, callers.placed, say);
    const evidence: Evidence = {
      calls,
      disturbances: adversary.done,
      lives: hosts.lives,
      ackedLines: witness.ackedLines,
    };
    keep(home, evidence);
    const findings = [
      checkEnds(evidence),
      ...(await checkCopies(evidence, stack.worker)),
      checkLines(evidence),
      ...checkNoticed(evidence),
      checkSuccessors(evidence),
      checkOneAgent(evidence),
      checkVoices(rooms),
      ...(await checkRest(evidence, deployment, { hosts: HOSTS.length, seats: HOSTS.length * SEATS })),
      {
        rule: 'no host ended or stayed away by itself',
        checked: hosts.lives.length,
        violations: hosts.failures,
        note: '',
      },
    ];
    const remarks = [
      ...unexplainedLosses(evidence),
      ...(callers.refusedRequests > 0
        ? [`${callers.refusedRequests} requests for a call were not answered`]
        : []),
    ];
    return { findings, evidence, remarks };
  } finally {
    hosts.close();
    rooms.stop();
    await proxy.close();
  }
}

/** What it was judged by, for whoever wants to know why. The lab's words are nobody's. */
function keep(home: string, { calls, ...rest }: Evidence): void {
  mkdirSync(join(home, 'ledgers'), { recursive: true });
  for (const { callId, ledger } of calls) {
    const lines = ledger.map((event) => `${JSON.stringify(event)}\n`).join('');
    writeFileSync(join(home, 'ledgers', `${callId}.ndjson`), lines);
  }
  const placed = calls.map((call) => call.placed);
  writeFileSync(join(home, 'evidence.json'), JSON.stringify({ ...rest, placed }, null, 1));
}
