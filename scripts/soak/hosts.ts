import type { Child } from '../stack/child.ts';
import type { Stack } from '../stack/stack.ts';
import { jobProcesses, localPortsTo } from './process-tree.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import type { WireWitness } from './wire-witness.ts';

/** One life of an agent host: a restarted one has another id. Times are epoch ms. */
export interface HostLife {
  readonly hostId: string;
  readonly readyAtMs: number;
  /** From when no call can be served there: killed or frozen. Null while it lives. */
  goneAtMs: number | null;
}

export interface Job {
  readonly pid: number;
  readonly hostId: string;
  /** Null for one that waits for a call, or has not opened its door yet. */
  readonly callId: string | null;
}

interface Up {
  readonly name: string;
  readonly child: Child;
  readonly life: HostLife;
}

const FROZEN_MS = 25_000;

/** The machines that serve calls. One that is killed is started again under the same name at once. */
export class Hosts {
  readonly lives: HostLife[] = [];
  readonly #stack: Stack;
  readonly #proxy: TcpProxy;
  readonly #witness: WireWitness;
  readonly #names: readonly string[];
  readonly #up = new Map<string, Up>();
  readonly #comingBack = new Set<Promise<void>>();
  #closed = false;
  /** Starts that failed: nothing the adversary did, so never right. */
  readonly failures: string[] = [];

  constructor(stack: Stack, proxy: TcpProxy, witness: WireWitness, names: readonly string[]) {
    this.#stack = stack;
    this.#proxy = proxy;
    this.#witness = witness;
    this.#names = names;
  }

  /** One after the other: loading models takes both cores. */
  async start(): Promise<void> {
    for (const name of this.#names) await this.#start(name);
  }

  get allUp(): boolean {
    return this.#up.size === this.#names.length;
  }

  get up(): readonly string[] {
    return [...this.#up.keys()];
  }

  jobs(): Job[] {
    return [...this.#up.values()].flatMap(({ child, life }) =>
      jobProcesses(child.pid).map((pid) => ({ pid, hostId: life.hostId, callId: this.#callOf(pid) })),
    );
  }

  /** SIGKILL to the host and all it forked. @returns the id of the host that is no more. */
  kill(name: string): string {
    const { child, life } = this.#leave(name);
    child.signal('SIGKILL');
    this.#comeBack(name);
    return life.hostId;
  }

  /** As if the machine had lost its network and then its power: nothing is closed, nothing answers. */
  async freezeThenKill(name: string): Promise<string> {
    const { child, life } = this.#leave(name);
    child.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
    child.signal('SIGKILL');
    this.#comeBack(name);
    return life.hostId;
  }

  /** Waits until every host that was killed is back. */
  async allBack(): Promise<void> {
    while (this.#comingBack.size > 0) await Promise.all(this.#comingBack);
  }

  /** No host is started again from here on. */
  close(): void {
    this.#closed = true;
  }

  #leave(name: string): Up {
    const up = this.#up.get(name);
    if (up === undefined) throw new Error(`host ${name} is not up`);
    this.#up.delete(name);
    up.life.goneAtMs = Date.now();
    return up;
  }

  #comeBack(name: string): void {
    const back = this.#start(name)
      .catch((error: unknown) => {
        if (!this.#closed) this.failures.push(`host ${name} did not come back: ${String(error)}`);
      })
      .finally(() => this.#comingBack.delete(back));
    this.#comingBack.add(back);
  }

  async #start(name: string): Promise<void> {
    if (this.#closed) return;
    const child = await this.#stack.startAgentHost(name, {
      WORKER_URL: this.#proxy.url,
      // Two calls at a time over two hosts: one warm process each, or a restart would take both cores for longer.
      IDLE_PROCESSES: '1',
    });
    if (this.#closed) return child.stop();
    const line = await child.line(/ready, \d+ seats/, 1_000);
    const hostId = /agent host (\S+) ready/.exec(line)?.[1] ?? '';
    const life: HostLife = { hostId, readyAtMs: Date.now(), goneAtMs: null };
    this.lives.push(life);
    this.#up.set(name, { name, child, life });
    void child.exited.then((code) => {
      if (life.goneAtMs !== null || this.#closed) return;
      this.failures.push(`host ${hostId} ended by itself (${String(code)})`);
      this.#leave(name);
      this.#comeBack(name);
    });
  }

  #callOf(pid: number): string | null {
    const calls = localPortsTo(pid, this.#proxy.port).map((port) => this.#witness.callOfPort(port));
    return calls.find((callId) => callId !== null) ?? null;
  }
}
