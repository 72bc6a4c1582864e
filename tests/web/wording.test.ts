import { describe, expect, test } from 'vitest';
import { explain, waitWords } from '../../web/src/lib/api/explain.ts';
import { readFailure, retryAfterSeconds, unreachable } from '../../protocol/client/failure.ts';
import { safeReturnTo, signInPath } from '../../web/src/lib/api/session.ts';
import { hangUpOffer } from '../../web/src/lib/call/hang-up.ts';
import { contactLabel, simulatedSentence, stateLabel } from '../../web/src/lib/call/words.ts';
import { takeEvents, emptyLog } from '../../web/src/lib/call/call-log.ts';
import {
  formatDelay,
  formatDuration,
  formatOffset,
  isoDuration,
  median,
} from '../../web/src/lib/time/duration.ts';
import { formatFull, formatMinute, formatMoment } from '../../web/src/lib/time/moment.ts';
import { ledger, requested } from './ledgers.ts';
import { summary } from './summaries.ts';

describe('times', () => {
  test.each([
    [-5, '0s'],
    [12_900, '12s'],
    [252_000, '4m 12s'],
    [61_000, '1m 01s'],
    [3_840_000, '1h 04m'],
  ])('%i ms last %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  test.each([
    [0, '0:00'],
    [7_999, '0:07'],
    [725_000, '12:05'],
    [3_723_000, '1:02:03'],
    [-2_500, '-0:02'],
    [-400, '0:00'],
  ])('%i ms into the call is %s', (ms, text) => expect(formatOffset(ms)).toBe(text));

  test.each([
    [640, '0.6 s'],
    [9_949, '9.9 s'],
    [9_960, '10 s'],
    [12_400, '12 s'],
  ])('a delay of %i ms is %s', (ms, text) => expect(formatDelay(ms)).toBe(text));

  test('durations are machine-readable too', () => expect(isoDuration(252_900)).toBe('PT252S'));

  test('the median of an even number of values is between the middle two', () => {
    expect(median([])).toBeNull();
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  const at = Date.UTC(2026, 10, 20, 13, 2, 11);
  test('absolute times are in the viewer’s zone and name it', () => {
    expect(formatMinute(at, 'Europe/Berlin')).toBe('14:02');
    expect(formatFull(at, 'Europe/Berlin')).toBe('Fri 20 Nov 2026, 14:02:11 (Europe/Berlin)');
  });
  test('a moment says the day only when it is another', () => {
    expect(formatMoment(at, at + 3_600_000, 'UTC')).toBe('13:02');
    expect(formatMoment(at, at + 86_400_000, 'UTC')).toBe('20 Nov 13:02');
    expect(formatMoment(at, at + 90 * 86_400_000, 'UTC')).toBe('20 Nov 2026 13:02');
    // Half past eleven in the evening in one zone is tomorrow in another.
    expect(formatMoment(Date.UTC(2026, 10, 20, 23, 30), Date.UTC(2026, 10, 21, 8), 'Europe/Berlin')).toBe(
      '00:30',
    );
  });
});

describe('errors', () => {
  const refused = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    readFailure(new Response(JSON.stringify(body), { status, headers }));

  test('a problem says what, why, what to do, and the id to quote', async () => {
    const failure = await refused(403, {
      type: 'about:blank',
      title: 'No',
      status: 403,
      code: 'forbidden',
      requestId: 'req_1',
    });
    expect(explain('The call was not hung up.', failure)).toEqual({
      what: 'The call was not hung up.',
      why: 'Your role does not allow this.',
      todo: 'Ask an admin or a supervisor to do it.',
      requestId: 'req_1',
    });
  });
  test('too many requests say when to try again', async () => {
    const failure = await refused(429, {}, { 'retry-after': '42' });
    expect(explain('', failure).todo).toBe('Try again in 42 seconds.');
    expect(waitWords(1)).toBe('1 second');
    expect(waitWords(600)).toBe('10 minutes');
    expect(retryAfterSeconds('Fri, 20 Nov 2026 13:00:00 GMT')).toBeNull();
  });
  test('a wrong password is not called an ended session', async () => {
    const failure = await refused(401, {
      ...{ type: 'x', title: 'No.', status: 401, code: 'invalid_credentials', requestId: 'r' },
    });
    expect(explain('', failure).why).toContain('No account');
  });
  test('an unknown code falls back to the server’s own words, and nonsense to plain ones', async () => {
    const known = await refused(409, {
      type: 'x',
      title: 'The seat is taken.',
      status: 409,
      code: 'seat_taken',
      requestId: 'r',
    });
    expect(explain('', known).why).toBe('The seat is taken.');
    const nonsense = await readFailure(new Response('<html>', { status: 502 }));
    expect(explain('', nonsense).why).toBe('The server did not answer.');
    expect(explain('', unreachable()).requestId).toBeNull();
  });
});

describe('signing in', () => {
  test.each([
    [null, '/'],
    ['/calls/abc?pane=facts', '/calls/abc?pane=facts'],
    ['//evil.example/x', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['/sign-in?returnTo=/sign-in', '/'],
    ['javascript:alert(1)', '/'],
  ])('%s returns to %s', (asked, to) => expect(safeReturnTo(asked)).toBe(to));

  test('the way to the sign-in page remembers where one was', () => {
    expect(signInPath(new URL('https://x.test/calls/a?pane=facts'))).toBe(
      '/sign-in?returnTo=%2Fcalls%2Fa%3Fpane%3Dfacts',
    );
    expect(signInPath(new URL('https://x.test/'))).toBe('/sign-in');
  });
});

describe('words for calls', () => {
  test('a contact without a name is still somebody', () => {
    expect(contactLabel(null)).toBe('Unknown caller');
    expect(contactLabel('  ')).toBe('Unknown caller');
  });
  test('asking for a person matters more than being in progress, and the end more than both', () => {
    const attention = { reason: 'asked', sinceMs: 0 };
    expect(stateLabel(summary({ attention }))).toBe('Needs someone');
    expect(stateLabel(summary({ phase: 'ended', outcome: 'noAgent' }))).toBe('No agent was free');
  });
  test('what is simulated is said exactly', () => {
    expect(simulatedSentence([])).toBeNull();
    expect(simulatedSentence(['speech', 'callers'])).toBe(
      'Callers and voices are simulated on this development machine.',
    );
    expect(simulatedSentence(['media'])).toBe('Sound is simulated on this development machine.');
    expect(simulatedSentence(['media', 'speech', 'callers'])).toBe(
      'Callers, voices and sound are simulated on this development machine.',
    );
  });
});

describe('hanging up', () => {
  const live = { kind: 'live' } as const;
  const { call, events } = takeEvents(emptyLog, ledger([requested])).log;
  const ended = takeEvents(
    emptyLog,
    ledger([requested, { type: 'callEnded', outcome: 'cancelled', endedBy: 'supervisor', reason: '' }]),
  ).log;
  const accepted = takeEvents(emptyLog, ledger([requested, { type: 'hangUpRequested', by: 'u1' }])).log;

  test('is for admins and supervisors', () => {
    for (const role of ['admin', 'supervisor'] as const)
      expect(hangUpOffer(call, events, 'idle', live, role).enabled).toBe(true);
    for (const role of ['operator', 'viewer'] as const)
      expect(hangUpOffer(call, events, 'idle', live, role).enabled).toBe(false);
  });
  test('is off while what is shown may be old', () => {
    const stale = { kind: 'stale', sinceMs: 0 } as const;
    expect(hangUpOffer(call, events, 'idle', stale, 'admin')).toMatchObject({
      enabled: false,
      label: 'Hang up',
    });
    expect(hangUpOffer(call, events, 'idle', { kind: 'reconnecting', forS: 1 }, 'admin').enabled).toBe(false);
    expect(hangUpOffer(call, events, 'idle', { kind: 'polling' }, 'admin').enabled).toBe(true);
  });
  test('is only over when the ledger says so', () => {
    expect(hangUpOffer(call, events, 'asked', live, 'admin').label).toBe('Asking to hang up…');
    expect(hangUpOffer(accepted.call, accepted.events, 'asked', live, 'admin').label).toBe('Hanging up…');
    expect(hangUpOffer(ended.call, ended.events, 'idle', live, 'admin').label).toBe('Ended');
  });
});
