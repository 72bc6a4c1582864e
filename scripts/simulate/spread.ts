import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { WorkerNews } from './news.ts';

export interface Job {
  readonly firstSeed: number;
  /** Seeds are `firstSeed`, `firstSeed + step`, … */
  readonly step: number;
  readonly calls: number;
  readonly stopAfter: number;
  readonly without: readonly string[];
  /** Exactly these, instead of the row above. */
  readonly seeds?: readonly number[];
  /** Name of the planted bug, if any. */
  readonly bug?: string;
}

export type Broken = Extract<WorkerNews, { type: 'violation' }>;

export interface JobResult {
  readonly calls: number;
  readonly events: number;
  readonly broken: readonly Broken[];
}

/** Plays one job in a child process of its own. @throws Error when the child breaks before it is through. */
export async function runJob(
  job: Job,
  onNews: (news: WorkerNews) => void = () => undefined,
): Promise<JobResult> {
  const flags = {
    '--first': job.firstSeed,
    '--step': job.step,
    '--calls': job.calls,
    '--stop-after': job.stopAfter,
    '--without': job.without.join(','),
    '--seeds': (job.seeds ?? []).join(','),
    '--bug': job.bug ?? '',
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)]);
  const worker = join(import.meta.dirname, 'worker.ts');
  const child = spawn(process.execPath, ['--no-warnings', worker, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let calls = 0;
  let events = 0;
  const broken: Broken[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const news = JSON.parse(line) as WorkerNews;
    if (news.type === 'progress') ({ calls, events } = news);
    else broken.push(news);
    onNews(news);
  }
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`a worker broke with code ${code}`);
  return { calls, events, broken };
}

/** Does all `work`, at most `workers` at a time. */
export async function inParallel<T>(workers: number, work: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const waiting = [...work.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, task] = next;
      results[index] = await task();
    }
  };
  await Promise.all(Array.from({ length: workers }, lane));
  return results;
}
