import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { createKey } from '../../protocol/api/keys.ts';
import { scopes } from '../../protocol/api/scopes.ts';
import { demoLogins } from '../stack/demo-logins.ts';
import { WORKSPACE } from '../stack/paths.ts';
import type { Stack } from '../stack/stack.ts';
import { startStack } from '../stack/stack.ts';
import { installSchemathesis } from './schemathesis.ts';
import { keepHostHeard } from './host.ts';
import { readReport } from './report.ts';
import type { Finding } from './report.ts';
import { signInCookie } from '../stack/sign-in.ts';

export interface FuzzOptions {
  readonly name: string;
  /** At least this many requests over all principals. */
  readonly cases: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly onStop?: (stop: () => Promise<void>) => void;
}

export interface FuzzResult {
  readonly cases: number;
  readonly findings: readonly Finding[];
}

/** Requests for each operation in the first round; each round after doubles it. */
const FIRST_EXAMPLES = 4;
/**
 * Left out: what would end the session the rest of the run needs. Their doors are tested by hand
 * (tests/worker/sessions.test.ts).
 */
const ENDS_THE_SESSION = 'SignOut|RevokeOthers';

/**
 * Sends generated requests, right and wrong ones, to the running Worker as each kind of principal, from its own OpenAPI:
 * nothing may answer with a server error, and each answer must fit what is described.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { say } = options;
  say('Installing the fuzzer');
  const modules = await installSchemathesis();
  const stack = await startStack({
    name: options.name,
    keepState: false,
    web: 'none',
    labCalls: 0,
    seats: 0,
    agentHost: false,
    limits: 'off',
    progress: say,
    ...(options.onStop === undefined ? {} : { onStop: options.onStop }),
  });
  const host = await keepHostHeard(stack);
  try {
    const findings: Finding[] = [];
    let cases = 0;
    for (let round = 0; cases < options.cases; round++) {
      for (const [name, headers] of Object.entries(await principals(stack))) {
        const seed = options.seed + round;
        const examples = FIRST_EXAMPLES * 2 ** round;
        const report = await runOnce({
          modules,
          stack,
          folder: `${options.name}/${round}-${name}`,
          principal: name,
          headers,
          seed,
          examples,
          thorough: round > 0 || name === 'admin',
        });
        cases += report.cases;
        findings.push(...report.findings);
        say(`${name}: ${report.cases} requests, ${report.findings.length} findings`);
      }
      if (findings.length > 0) break;
    }
    return { cases, findings };
  } finally {
    host.stop();
    await stack.stop();
  }
}

/** Signed in anew for each round. */
async function principals(stack: Stack): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = { nobody: [] };
  for (const login of demoLogins) {
    found[login.role] = [`Cookie: ${await signInCookie(stack.worker.url, stack.webUrl, login)}`];
  }
  const [admin = ''] = found.admin ?? [];
  found.apiKey = [`Authorization: Bearer ${await makeKey(stack, admin.replace('Cookie: ', ''))}`];
  return found;
}

/** A key that may do what keys may at all. */
async function makeKey(stack: Stack, cookie: string): Promise<string> {
  const response = await fetch(stack.worker.url + createKey.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stack.webUrl, cookie },
    body: JSON.stringify({ name: 'Fuzz', scopes }),
  });
  const made = z.safeParse(createKey.reply as z.ZodMiniType<{ secret: string }>, await response.json());
  if (!made.success) throw new Error(`no API key was made: ${response.status}`);
  return made.data.secret;
}

interface Once {
  readonly modules: string;
  readonly stack: Stack;
  /** Below the workspace: report and output. */
  readonly folder: string;
  readonly principal: string;
  readonly headers: readonly string[];
  readonly seed: number;
  readonly examples: number;
  /** Each boundary of each field too: the same for every principal who is refused at the door. */
  readonly thorough: boolean;
}

async function runOnce(once: Once): Promise<{ cases: number; findings: Finding[] }> {
  const folder = join(WORKSPACE, once.folder);
  mkdirSync(folder, { recursive: true });
  const reportFile = join(folder, 'report.json');
  const { url } = once.stack.worker;
  const args = [
    ...['-m', 'schemathesis.cli', 'run', `${url}/api/openapi.json`, '--url', url],
    ...['--phases', once.thorough ? 'coverage,fuzzing,stateful' : 'fuzzing,stateful', '--checks', 'all'],
    // Which roles may do what is the access table's test; here a refusal by role is an answer like any other.
    ...['--exclude-checks', 'positive_data_acceptance,missing_required_header,ignored_auth'],
    ...['--exclude-operation-id-regex', ENDS_THE_SESSION],
    ...['--max-examples', String(once.examples), '--seed', String(once.seed), '--no-color'],
    ...['--report', 'json', '--report-json-path', reportFile, '--generation-database', 'none'],
    // A session is in the headers of every request: leaving its parameter out would leave out nothing.
    ...['--generation-with-security-parameters', 'false'],
    ...['--continue-on-failure', '--warnings', 'off', '--request-timeout', '20'],
    ...once.headers.flatMap((header) => ['--header', header]),
  ];
  const log = createWriteStream(join(folder, 'output.log'));
  const child = spawn('python3', args, { env: { ...process.env, PYTHONPATH: once.modules }, cwd: folder });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  log.end();
  return readReport(readFileSync(reportFile, 'utf8'), once.principal);
}
