import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Installs a package where the machine is a Debian that is ours to change. @returns whether it was tried */
export function installDebianPackage(name: string, what: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.log(`Installing ${name} (Debian package) for ${what}`);
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  execFileSync('apt-get', ['update', '-qq'], options);
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options);
  return true;
}
