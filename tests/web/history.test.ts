import { expect, test } from 'vitest';
import { filterIn, queryOf, searchOf } from '../../web/src/lib/history/filter.ts';

test('a filter is the same after a round through the address, whatever the order there', () => {
  const filter = filterIn(
    new URLSearchParams('outcome=busy&text=blue+car&from=2026-11-01&number=%2B12025550143'),
  );
  expect(filter).toEqual({ text: 'blue car', number: '+12025550143', outcome: 'busy', from: '2026-11-01' });
  expect(filterIn(new URLSearchParams(searchOf(filter)))).toEqual(filter);
  expect(searchOf({ outcome: 'busy', text: 'a' })).toBe(searchOf({ text: 'a', outcome: 'busy' }));
});

test('what makes no sense in the address is left out, and nothing of it reaches the API', () => {
  expect(
    filterIn(new URLSearchParams('outcome=great&number=12&from=yesterday&longer=-1&other=1&text=+')),
  ).toEqual({});
});

test('days are the viewer’s own: until a day is until its end', () => {
  const { from, to } = queryOf({ from: '2026-03-28', to: '2026-03-29' });
  expect(new Date(Number(from)).getHours()).toBe(0);
  expect(new Date(Number(to)).getDate()).toBe(30);
  expect(new Date(Number(to)).getHours()).toBe(0);
});
