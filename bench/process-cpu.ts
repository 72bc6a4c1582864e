import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { loadavg } from 'node:os';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Fields of `/proc/<pid>/stat` that matter here. The name may hold spaces and brackets: what counts follows its last one. */
export function readStat(stat: string): { name: string; parentPid: number; cpuTicks: number } {
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  return {
    name: stat.slice(open + 1, close),
    parentPid: Number(fields[1]),
    // utime and stime, of all threads.
    cpuTicks: Number(fields[11]) + Number(fields[12]),
  };
}

const statOf = (pid: number): ReturnType<typeof readStat> =>
  readStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** Processor seconds that a process has used so far. */
export const cpuSeconds = (pid: number): number => statOf(pid).cpuTicks / ticksPerSecond;

/** Our own `workerd`. @throws when there is none, or more than one */
export function workerdPid(): number {
  const ours = readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isWorkerdOf(pid, process.pid));
  const [pid] = ours;
  if (pid === undefined || ours.length > 1) throw new Error(`${ours.length} workerd processes of ours`);
  return pid;
}

function isWorkerdOf(pid: number, parent: number): boolean {
  try {
    const stat = statOf(pid);
    return stat.name === 'workerd' && stat.parentPid === parent;
  } catch {
    return false;
  }
}

/** How busy the machine was: others share it, so absolute numbers mean little without this. */
export const loadNote = (startedWith: number): string =>
  `Load average (1 min) ${startedWith.toFixed(1)} at the start, ${(loadavg()[0] ?? 0).toFixed(1)} at the end; 2 shared cores.`;
