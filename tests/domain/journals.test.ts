import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyCallEvent, foldCall } from '../../domain/call/apply.ts';
import { effectsOwed } from '../../domain/call/effects.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import type { CallState } from '../../domain/call/state.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';

/**
 * Ledgers of calls that really happened, between the lab's callers and the offline agent: what is in production's archive
 * looks like them. Beside each is the hash of the state it folds to, as `npm run replay -- <file>` prints it. A hash that
 * changes means that old calls fold to something else from now on: decide, then write the new one down.
 */
const FOLDER = join(import.meta.dirname, 'journals');
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ndjson'))
  .map((file) => file.slice(0, -'.ndjson'.length));

const linesOf = (name: string): string[] =>
  readFileSync(join(FOLDER, `${name}.ndjson`), 'utf8')
    .trim()
    .split('\n');
const eventsOf = (name: string): CallEvent[] =>
  linesOf(name).map((line) => CallEventSchema.parse(JSON.parse(line)));
const sha256 = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

test('there are calls of several kinds', () => {
  expect(names.length).toBeGreaterThanOrEqual(3);
  const kinds = new Set(names.flatMap((name) => eventsOf(name).map((event) => event.type)));
  for (const kind of [
    'agentLeft',
    'customerLeft',
    'wordsSpoken',
    'turnMeasured',
    'usageReported',
    'callEnded',
  ])
    expect(kinds).toContain(kind);
});

describe.each(names)('%s', (name) => {
  test('LEDGER-7 folds to the same state, byte for byte, as when it was recorded', () => {
    const recorded = readFileSync(join(FOLDER, `${name}.sha256`), 'utf8').trim();
    expect(sha256(foldCall(eventsOf(name)))).toBe(recorded);
  });

  test('LEDGER-7 reading and writing it again gives the same lines', () => {
    // Fields are in the order of the schema, whatever theirs was.
    const sorted = (line: string): unknown => Object.entries(JSON.parse(line) as object).sort();
    expect(eventsOf(name).map((event) => sorted(JSON.stringify(event)))).toEqual(linesOf(name).map(sorted));
  });

  test('EFFECT-1 owes the same effects each time it is folded', () => {
    const owed = (): string[] => {
      let call: CallState | null = null;
      const keys: string[] = [];
      for (const event of eventsOf(name)) {
        const after: CallState = applyCallEvent(call, event);
        keys.push(...effectsOwed(call, event, after).map((each) => each.key));
        call = after;
      }
      return keys;
    };
    expect(new Set(owed()).size).toBe(owed().length);
    expect(owed()).toContain(`${eventsOf(name).find((event) => event.type === 'callEnded')?.seq}:archive`);
  });
});
