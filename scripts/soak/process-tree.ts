import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Reads what Linux tells of processes; one that ends meanwhile is simply not there. */
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** The processes below `pid`, itself left out. */
export function descendants(pid: number): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    // pid (command, which may hold anything) state parent …
    const parent = Number(/\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1] ?? NaN);
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const walk = (of: number): void => {
    for (const child of childrenOf.get(of) ?? []) {
      found.push(child);
      walk(child);
    }
  };
  walk(pid);
  return found;
}

/** The processes of an agent host that serve a call or wait for one; not its shared inference process. */
export function jobProcesses(hostPid: number): number[] {
  return descendants(hostPid).filter((pid) => read(`/proc/${pid}/cmdline`).includes('job_proc'));
}

/** The process's own ports of its IPv4 connections to `remotePort`. */
export function localPortsTo(pid: number, remotePort: number): number[] {
  const inodes = new Map<string, number>();
  for (const line of read('/proc/net/tcp').split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [local = '', remote = ''] = [fields[1], fields[2]];
    if (parseInt(remote.split(':')[1] ?? '', 16) !== remotePort) continue;
    inodes.set(fields[9] ?? '', parseInt(local.split(':')[1] ?? '', 16));
  }
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${name}`))?.[1] ?? '';
    return inodes.get(inode) ?? [];
  });
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
