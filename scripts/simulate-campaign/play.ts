import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { WorkerNews } from './worker.ts';

export interface Job {
  readonly firstSeed: number;
  readonly step: number;
  /** Until so many numbers have rung, */
  readonly dials?: number;
  /** or so many histories were played. */
  readonly histories?: number;
  /** Name of the planted bug, if any. */
  readonly bug?: string;
}

/** Plays one job in a child process of its own. @throws Error when the child breaks before it is through */
export async function playJob(
  job: Job,
  onNews: (news: WorkerNews) => void = () => undefined,
): Promise<WorkerNews> {
  const flags = {
    '--first': job.firstSeed,
    '--step': job.step,
    '--dials': job.dials ?? '',
    '--histories': job.histories ?? '',
    '--bug': job.bug ?? '',
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)]);
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'worker.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let last: WorkerNews | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line) as WorkerNews;
    onNews(last);
  }
  const [code] = (await closed) as [number | null];
  if (code !== 0 || last === null) throw new Error(`a worker broke with code ${code}`);
  return last;
}
