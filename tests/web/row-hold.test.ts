import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RowHold } from '../../web/src/lib/board/row-hold.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('rows are held while somebody points at them or has the focus there', () => {
  let held = false;
  const hold = new RowHold((now) => (held = now));
  hold.point(true);
  hold.focus(true);
  hold.point(false);
  expect(held).toBe(true);
  hold.focus(false);
  expect(held).toBe(false);
});

test('a pointer forgotten on the list lets go, and takes hold again when it stirs', () => {
  let held = false;
  const hold = new RowHold((now) => (held = now));
  hold.point(true);
  vi.advanceTimersByTime(15_000);
  hold.stir();
  vi.advanceTimersByTime(15_000);
  expect(held).toBe(true);
  vi.advanceTimersByTime(10_000);
  expect(held).toBe(false);
  hold.stir();
  expect(held).toBe(true);
});
