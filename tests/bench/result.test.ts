import { expect, test } from 'vitest';
import { readStat } from '../../bench/process-cpu.ts';
import { figure, meets, printTable, ratio } from '../../bench/result.ts';
import { spread } from '../../bench/statistics.ts';

test('a ratio is ours by the peer’s, and its aim is met or missed at the very edge', () => {
  expect(ratio(3, 2).value).toBe(1.5);
  expect(meets(ratio(2, 1, { atMost: 2 }))).toBe(true);
  expect(meets(ratio(2.01, 1, { atMost: 2 }))).toBe(false);
  expect(meets(ratio(0.6, 1, { atLeast: 0.6 }))).toBe(true);
  expect(meets(ratio(0.59, 1, { atLeast: 0.6 }))).toBe(false);
  expect(meets(figure(Number.NaN, '×', { atMost: 2 }))).toBe(false);
});

test('the table says which aims were missed', () => {
  const lines: string[] = [];
  const figures = {
    slow: ratio(3, 1, { atMost: 2 }),
    quick: ratio(1, 1, { atMost: 2 }),
    plain: figure(5, 'ms'),
  };
  printTable({ bench: 'b', what: 'w', measured: { some: spread([1]) }, figures, notes: ['a note'] }, (line) =>
    lines.push(line),
  );
  expect(lines.find((line) => line.includes('slow'))).toMatch(/3 ×.*aim ≤ 2: MISSED/);
  expect(lines.find((line) => line.includes('quick'))).toMatch(/aim ≤ 2: met/);
  expect(lines.find((line) => line.includes('plain'))).not.toMatch(/aim/);
  expect(lines.at(-1)).toContain('a note');
});

test('a process’s name may hold spaces and brackets', () => {
  const stat = '4242 (a (very) odd) S 17 4242 4242 0 -1 4194304 1 2 3 4 250 50 9 9 20 0 1 0 100';
  expect(readStat(stat)).toEqual({ name: 'a (very) odd', parentPid: 17, cpuTicks: 300 });
});
