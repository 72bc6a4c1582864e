import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Who may import whom: docs/architecture.md. */
const allowed: Record<string, readonly string[]> = {
  domain: [],
  protocol: ['domain'],
  database: ['domain', 'protocol'],
  'durable-objects': ['domain', 'protocol', 'database'],
  worker: ['domain', 'protocol', 'database', 'durable-objects'],
  'agent-host': ['domain', 'protocol'],
  web: ['domain', 'protocol'],
};

const sources = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.svelte'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter(Boolean);

/** What a file imports from within the repository, as paths from its root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.flatMap((specifier) => {
    if (specifier.startsWith('#domain/')) return [specifier.replace('#', '')];
    if (specifier.startsWith('#protocol/')) return [specifier.replace('#', '')];
    return specifier.startsWith('.') ? [relative(ROOT, resolve(ROOT, dirname(file), specifier))] : [];
  });
}

const roomOf = (path: string): string => path.split('/')[0] ?? '';

describe('the house', () => {
  test('imports go only where the architecture lets them', () => {
    const wrong = sources
      .filter((file) => roomOf(file) in allowed)
      .flatMap((file) =>
        importsOf(file)
          .filter((to) => roomOf(to) !== roomOf(file) && !(allowed[roomOf(file)] ?? []).includes(roomOf(to)))
          .map((to) => `${file} imports ${to}`),
      );
    expect(wrong).toEqual([]);
  });

  test('the domain is pure: no package, no clock, no randomness', () => {
    const impure = sources
      .filter((file) => roomOf(file) === 'domain')
      .filter((file) => {
        const text = readFileSync(join(ROOT, file), 'utf8');
        return /from '(?!\.)|Date\.now|new Date\(\)|Math\.random|crypto\.|process\.|fetch\(/.test(text);
      });
    expect(impure).toEqual([]);
  });

  test('nothing of the lab enters what is shipped', () => {
    const shipped = sources.filter((file) =>
      /^(worker|durable-objects|database|web\/src|agent-host\/src)\//.test(file),
    );
    const lab = shipped.filter((file) => importsOf(file).some((to) => to.startsWith('agent-host/lab')));
    expect(lab).toEqual([]);
    const dockerfile = readFileSync(join(ROOT, 'agent-host/Dockerfile'), 'utf8');
    expect(dockerfile).not.toMatch(/COPY .*(agent-host\/lab|agent-host\/? )/);
  });

  test('files hold one idea: none of ours is longer than 350 lines', () => {
    const long = sources
      .filter((file) => roomOf(file) in allowed || roomOf(file) === 'scripts')
      .filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 350);
    expect(long).toEqual([]);
  });
});
