import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import type { JobNews } from './job-news.ts';
import type { Log } from './log.ts';
import { jobNewsOf } from './job-news.ts';
import { LINGER_MS } from './linger.ts';

/** Longer than the job's own watchdog: this one is for a process too stuck to run it. */
const KILL_AFTER_MS = LINGER_MS + 5_000;

/**
 * Listens to the processes the framework forks, which it does not hand out: when one is warm, what its job tells, and
 * that it is gone. Kills those that outlive their call: some have survived a hang-up for ever, at 245 MB each
 * (agents-js #927).
 */
export function watchJobProcesses(
  onWarm: () => void,
  onNews: (news: JobNews, answer: (message: object) => void) => void,
  log: Log,
): void {
  subscribe('child_process', (message) => {
    const { process: child } = message as { process: ChildProcess };
    let overdue: NodeJS.Timeout | undefined;
    let callId: string | null = null;
    const answer = (message: object): void => {
      if (child.connected) child.send(message);
    };
    child.on('message', (raw) => {
      if (isWarm(child, raw)) onWarm();
      const news = jobNewsOf(raw);
      if (news === null) return;
      callId = news.type === 'over' ? null : news.callId;
      onNews(news, answer);
      if (news.type !== 'over') return;
      overdue = setTimeout(() => {
        log.warn('job process outlived its call, killed', { callId: news.callId, pid: child.pid });
        child.kill('SIGKILL');
      }, KILL_AFTER_MS);
    });
    child.on('exit', () => {
      clearTimeout(overdue);
      // It died in its call: killed, or out of memory.
      if (callId !== null) onNews({ callId, type: 'over', outcome: 'failed' }, answer);
    });
  });
}

/** The framework's own word that a job process has loaded everything; its inference process says the same. */
function isWarm(child: ChildProcess, raw: unknown): boolean {
  const initialised =
    typeof raw === 'object' && raw !== null && 'case' in raw && raw.case === 'initializeResponse';
  return initialised && child.spawnargs.some((argument) => argument.includes('job_proc'));
}
