import { expect, test } from 'vitest';
import type { ModelReplaced } from '../../../domain/call/agent-facts.ts';
import { REST_MS, Roster } from '../../../agent-host/src/models/fallback/roster.ts';

const rosterOf = (...names: string[]) => {
  const told: ModelReplaced[] = [];
  const candidates = names.map((name) => ({ name, model: name }));
  return { roster: new Roster('thinking', candidates, (replaced) => told.push(replaced)), told };
};
const order = (roster: Roster<string>, nowMs: number) => roster.inOrder(nowMs).map(({ name }) => name);

test('MODEL-1 the profile’s order holds, and nothing is told while the first one serves', () => {
  const { roster, told } = rosterOf('a', 'b', 'c');
  expect(order(roster, 0)).toEqual(['a', 'b', 'c']);
  roster.served('a');
  expect(told).toEqual([]);
});

test('MODEL-1 a replacement is told when the other one has served, not when the first one failed', () => {
  const { roster, told } = rosterOf('a', 'b', 'c');
  roster.failed('a', 0);
  roster.failed('b', 10);
  expect(told).toEqual([]);
  roster.served('c');
  expect(told).toEqual([{ type: 'modelReplaced', stage: 'thinking', from: 'a', to: 'c' }]);
});

test('MODEL-3 who failed rests, twice as long each time, and going back to it is told as well', () => {
  const { roster, told } = rosterOf('a', 'b');
  roster.failed('a', 0);
  roster.served('b');
  expect(order(roster, REST_MS - 1)).toEqual(['b', 'a']);
  expect(order(roster, REST_MS)).toEqual(['a', 'b']);
  roster.failed('a', REST_MS);
  expect(order(roster, 3 * REST_MS - 1)).toEqual(['b', 'a']);
  expect(order(roster, 3 * REST_MS)).toEqual(['a', 'b']);
  roster.served('a');
  expect(told.at(-1)).toEqual({ type: 'modelReplaced', stage: 'thinking', from: 'b', to: 'a' });
});

test('MODEL-1 where all have failed the one that rests longest already is asked first', () => {
  const { roster } = rosterOf('a', 'b');
  roster.failed('a', 0);
  roster.failed('b', 10);
  expect(order(roster, 20)).toEqual(['a', 'b']);
  roster.failed('a', 20);
  expect(order(roster, 30)).toEqual(['b', 'a']);
});

test('MODEL-2 that none is left is told once, until one serves again', () => {
  const { roster, told } = rosterOf('a');
  expect(roster.exhausted()).toBe(true);
  expect(roster.exhausted()).toBe(false);
  expect(told).toEqual([{ type: 'modelReplaced', stage: 'thinking', from: 'a', to: null }]);
  roster.served('a');
  expect(roster.exhausted()).toBe(true);
});
