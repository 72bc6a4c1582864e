import { DISTURBANCES } from './disturbance.ts';
import type { Finding } from './evidence.ts';
import type { SoakResult } from './soak.ts';

/** What was done and what came of it, for a person at a terminal. */
export function reportOf({ findings, evidence, remarks }: SoakResult): string {
  const done = DISTURBANCES.map((kind) => {
    const times = evidence.disturbances.filter((each) => each.kind === kind).length;
    return `${kind} ${times}`;
  });
  const width = Math.max(...findings.map(({ rule }) => rule.length));
  return [
    '',
    `${evidence.calls.length} calls; ${evidence.disturbances.length} disturbances: ${done.join(', ')}`,
    '',
    ...findings.map((finding) => row(finding, width)),
    ...(remarks.length > 0 ? ['', 'Worth a look:', ...remarks.map((each) => `  ${each}`)] : []),
    ...violationsOf(findings),
  ].join('\n');
}

/** Each broken rule with what broke it; empty when all held. */
export function violationsOf(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ rule, violations }) =>
    violations.length === 0 ? [] : ['', `BROKEN: ${rule}`, ...violations.map((each) => `  ${each}`)],
  );
}

function row({ rule, checked, violations, note }: Finding, width: number): string {
  const verdict = violations.length === 0 ? 'ok    ' : `BROKEN`;
  return `${verdict}  ${rule.padEnd(width)}  ${String(checked).padStart(5)}  ${note}`;
}
