import { fork } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../scripts/stack/paths.ts';

/** What a helper process can be asked for, by name; orders and answers travel as JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Handlers = Readonly<Record<string, (order: any) => unknown>>;

interface Order {
  readonly id: number;
  readonly name: string;
  readonly order: unknown;
}
type Answer =
  { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly error: string };

/** A process of its own, so that load and what bears it do not share one event loop. */
export interface Helper<H extends Handlers> {
  readonly pid: number;
  ask<K extends keyof H & string>(name: K, order: Parameters<H[K]>[0]): Promise<Awaited<ReturnType<H[K]>>>;
  stop(): Promise<void>;
}

/** In the helper: answers until the parent goes, however it goes. */
export function serve(handlers: Handlers): void {
  process.on('message', async ({ id, name, order }: Order) => {
    const reply = (answer: Answer): void => void process.send?.(answer);
    try {
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`nobody here does ${name}`);
      reply({ id, answer: await handler(order) });
    } catch (error) {
      reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit(0));
}

/** In the parent. `file` is below `bench/`; stop it through the bench's stack. */
export function startHelper<H extends Handlers>(file: string): Helper<H> {
  const child = fork(join(ROOT, 'bench', file), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let asked = 0;
  let gone = false;
  const exited = new Promise<void>((resolve) =>
    child.once('exit', (code) => {
      gone = true;
      for (const each of waiting.values()) each.reject(new Error(`${file} ended (${code})`));
      resolve();
    }),
  );
  child.on('message', (answer: Answer) => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asker?.reject(new Error(`${file}: ${answer.error}`));
    else asker?.resolve(answer.answer);
  });
  return {
    pid: child.pid ?? 0,
    ask: (name, order) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(new Error(`${file} has ended`));
        const id = ++asked;
        waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
        child.send({ id, name, order } satisfies Order);
      }),
    async stop() {
      if (!gone) child.kill('SIGKILL');
      await exited;
    },
  };
}
