import { pick, seededRandom } from '../../agent-host/lab/seeded-random.ts';
import type { Stack } from '../stack/stack.ts';
import type { Disturbance, DisturbanceKind } from './disturbance.ts';
import type { Hosts } from './hosts.ts';
import type { TcpProxy } from './tcp-proxy.ts';

/** Between the end of one disturbance and the next, ms. */
const QUIET_MS = { least: 10_000, most: 20_000 } as const;
const STALL_MS = 3_000;
const MEDIA_SERVER_DOWN_MS = { least: 500, most: 4_000 } as const;

/** A round of what happens: each kind once, the commonest twice. The order is chance. */
const ROUND: readonly DisturbanceKind[] = [
  'jobKilled',
  'jobKilled',
  'hostKilled',
  'machineGone',
  'workerRestarted',
  'mediaServerCrashed',
  'linkCut',
  'linkStalled',
];

export interface Prey {
  readonly stack: Stack;
  readonly hosts: Hosts;
  readonly proxy: TcpProxy;
}

/** Does harm, one thing at a time and in an order that the seed determines, and writes down what it did and when. */
export class Adversary {
  readonly done: Disturbance[] = [];
  readonly #prey: Prey;
  readonly #random: () => number;
  readonly #say: (line: string) => void;
  #round: DisturbanceKind[] = [];

  constructor(prey: Prey, seed: number, say: (line: string) => void) {
    this.#prey = prey;
    this.#random = seededRandom(seed);
    this.#say = say;
  }

  /** Until that time, epoch ms; what was begun is finished. */
  async rage(untilMs: number): Promise<void> {
    for (;;) {
      await pause(this.#between(QUIET_MS.least, QUIET_MS.most));
      if (Date.now() >= untilMs) return;
      const kind = this.#next();
      const atMs = Date.now();
      const hit = await this.#do(kind);
      if (hit === null) continue;
      const disturbance: Disturbance = { kind, atMs, untilMs: Date.now(), ...hit };
      this.done.push(disturbance);
      const lasted = ((disturbance.untilMs - atMs) / 1000).toFixed(1);
      this.#say(`${kind}${hit.hostId === null ? '' : ` ${hit.hostId}`}, ${lasted} s`);
    }
  }

  /** The next of the round that can be done now; a whole machine is taken only while another one is there. */
  #next(): DisturbanceKind {
    if (this.#round.length === 0) this.#round = shuffled(ROUND, this.#random);
    const possible = (kind: DisturbanceKind): boolean => {
      if (kind === 'hostKilled' || kind === 'machineGone') return this.#prey.hosts.allUp;
      if (kind === 'mediaServerCrashed') return (this.#prey.stack.livekit?.crash ?? null) !== null;
      return true;
    };
    const at = this.#round.findIndex(possible);
    return at === -1 ? 'linkCut' : (this.#round.splice(at, 1)[0] ?? 'linkCut');
  }

  /** Null: there was nothing to do it to. */
  async #do(kind: DisturbanceKind): Promise<Pick<Disturbance, 'hostId' | 'callId'> | null> {
    const { stack, hosts, proxy } = this.#prey;
    const all = { hostId: null, callId: null };
    switch (kind) {
      case 'jobKilled':
        return this.#killJob();
      case 'hostKilled':
        return { hostId: hosts.kill(pick(hosts.up, this.#random)), callId: null };
      case 'machineGone':
        return { hostId: await hosts.freezeThenKill(pick(hosts.up, this.#random)), callId: null };
      case 'workerRestarted':
        await stack.worker.restart();
        return all;
      case 'mediaServerCrashed':
        await stack.livekit?.crash?.(this.#between(MEDIA_SERVER_DOWN_MS.least, MEDIA_SERVER_DOWN_MS.most));
        return all;
      case 'linkCut':
        proxy.cutAll();
        return all;
      case 'linkStalled':
        await proxy.stall(STALL_MS);
        return all;
    }
  }

  /** One that serves a call, if there is any. */
  #killJob(): Pick<Disturbance, 'hostId' | 'callId'> | null {
    const jobs = this.#prey.hosts.jobs();
    const serving = jobs.filter((job) => job.callId !== null);
    const choices = serving.length > 0 ? serving : jobs;
    if (choices.length === 0) return null;
    const { pid, hostId, callId } = pick(choices, this.#random);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      return null;
    }
    return { hostId, callId };
  }

  #between(least: number, most: number): number {
    return least + this.#random() * (most - least);
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
