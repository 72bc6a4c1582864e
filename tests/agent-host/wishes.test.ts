import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { DoNotCallStep } from '../../agent-host/src/tools/wishes.ts';
import { callBackTime, DoNotCallWish } from '../../agent-host/src/tools/wishes.ts';

describe('DNC-3 never to be called again', () => {
  const begin = () => {
    const honour = vi.fn();
    return { honour, wish: new DoNotCallWish(honour) };
  };

  test('is asked back, and honoured when the customer has answered', () => {
    const { honour, wish } = begin();
    expect(wish.step('asks', 1)).toContain('confirm');
    expect(honour).not.toHaveBeenCalled();
    expect(wish.step('confirms', 2)).toContain('Done');
    expect(honour).toHaveBeenCalledOnce();
  });

  test('a model that says at once it was confirmed is not believed', () => {
    const { honour, wish } = begin();
    expect(wish.step('confirms', 1)).toContain('Not done yet');
    expect(wish.step('confirms', 1)).toContain('Not done yet');
    expect(honour).not.toHaveBeenCalled();
    wish.step('confirms', 2);
    expect(honour).toHaveBeenCalledOnce();
  });

  test('who hangs up instead of answering meant it', () => {
    const { honour, wish } = begin();
    wish.step('asks', 1);
    wish.over();
    wish.over();
    expect(honour).toHaveBeenCalledOnce();
  });

  test('who takes it back is called again', () => {
    const { honour, wish } = begin();
    wish.step('asks', 1);
    expect(wish.step('takesBack', 2)).toContain('Nothing');
    wish.over();
    expect(honour).not.toHaveBeenCalled();
  });

  test('a model cannot take it back for a customer who has not spoken', () => {
    const { honour, wish } = begin();
    wish.step('asks', 1);
    wish.step('takesBack', 1);
    wish.over();
    expect(honour).toHaveBeenCalledOnce();
  });

  test('whatever a model does, it is honoured at most once, and never without the customer', () => {
    const step = fc.tuple(fc.constantFrom<DoNotCallStep>('asks', 'confirms', 'takesBack'), fc.nat(1));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { honour, wish } = begin();
        let turns = 1;
        let asked: number | null = null;
        for (const [each, more] of steps) {
          turns += more;
          wish.step(each, turns);
          if (honour.mock.calls.length > 0) {
            expect(asked).not.toBeNull();
            expect(turns).toBeGreaterThan(asked!);
            break;
          }
          if (each === 'takesBack' && asked !== null && turns > asked) asked = null;
          else if (each !== 'takesBack') asked ??= turns;
        }
        wish.over();
        expect(honour.mock.calls.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('when to call back', () => {
  const NOW = Date.parse('2026-11-21T15:00:00Z');

  test('a time with its offset, or minutes', () => {
    expect(callBackTime({ at: '2026-11-22T10:00:00-05:00' }, NOW)).toEqual({
      ok: true,
      atMs: Date.parse('2026-11-22T15:00:00Z'),
    });
    expect(callBackTime({ inMinutes: 90 }, NOW)).toEqual({ ok: true, atMs: NOW + 5_400_000 });
    expect(callBackTime({ at: '2026-11-21T15:30Z', inMinutes: null }, NOW)).toMatchObject({ ok: true });
  });

  test.each([
    [{}],
    [{ at: 'tomorrow at ten' }],
    [{ at: '2026-11-22T10:00:00' }],
    [{ at: '2026-13-41T10:00:00Z' }],
    [{ at: '2026-11-21T14:59:00Z' }],
    [{ inMinutes: -5 }],
    [{ inMinutes: Number.NaN }],
    [{ inMinutes: 200_000 }],
    [{ at: '2027-06-01T10:00:00Z' }],
  ])('%j is not taken, and the model is told why', (asked) => {
    expect(callBackTime(asked, NOW)).toMatchObject({ ok: false });
  });
});
