import { describe, expect, test } from 'vitest';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallFact } from '../../domain/call/fact.ts';
import { supervisionOf, type Order } from '../../domain/call/supervision.ts';
import { ORDER_LENGTH } from '../../protocol/supervision.ts';
import { timelineEntries } from '../../web/src/lib/call/timeline.ts';
import { hearingWords, overWhy } from '../../web/src/lib/listen/hearing.ts';
import { loudness, speakerOf } from '../../web/src/lib/listen/speakers.ts';
import { askedWords, draftProblem } from '../../web/src/lib/steer/draft.ts';
import { lineOf, whoHearsYou } from '../../web/src/lib/steer/line.ts';
import { offersOf } from '../../web/src/lib/steer/offers.ts';
import { companyWords, presentIn } from '../../web/src/lib/steer/presence.ts';
import { agentJoined, ledger, requested, T0 } from './ledgers.ts';

const ada = { by: 'user:ada', byName: 'Ada' };
const ben = { by: 'user:ben', byName: 'Ben' };
/** Was given a seat and never came. */
const cleo = { by: 'user:cleo', byName: 'Cleo' };
const customerJoined: CallFact = { type: 'customerJoined', identity: 'customer-1', connection: 'PA_1' };
const seat = (who: typeof ada, kind: 'listen' | 'operator', identity: string): CallFact => ({
  type: 'seatGiven',
  seat: kind,
  identity,
  ...who,
});
const taken = (identity: string): CallFact => ({ type: 'seatTaken', identity, connection: `PA_${identity}` });
const given = (who: typeof ada, orderId: string, order: Order): CallFact => ({
  type: 'orderGiven',
  orderId,
  order,
  ...who,
});
const followed = (orderId: string, reason: string | null = null): CallFact => ({
  type: 'orderFollowed',
  orderId,
  outcome: reason === null ? 'done' : 'failed',
  reason,
});
const live = { kind: 'live' } as const;
const begun = [requested, agentJoined(1), customerJoined];
const takenBy = (who: typeof ada): CallFact[] => [
  ...begun,
  seat(who, 'operator', 'operator-7'),
  given(who, 'o1', { kind: 'takeOver', identity: 'operator-7' }),
];
const fold = (facts: readonly CallFact[]) => foldCall(ledger(facts))!;
const lineFor = (facts: readonly CallFact[], by: string, identity: string | null) =>
  lineOf(supervisionOf(fold(facts)), by, identity);

describe('who has the line', () => {
  test('it is mine from the order on, and heard from when the agent is silent', () => {
    expect(lineFor(takenBy(ada), ada.by, 'operator-7')).toMatchObject({ kind: 'mine', heard: false });
    expect(lineFor([...takenBy(ada), followed('o1')], ada.by, 'operator-7')).toMatchObject({
      kind: 'mine',
      heard: true,
    });
  });

  test('after a reload it is mine, elsewhere; a colleague sees whose it is', () => {
    expect(lineFor(takenBy(ada), ada.by, null).kind).toBe('mineElsewhere');
    expect(lineFor(takenBy(ada), ada.by, 'operator-8').kind).toBe('mineElsewhere');
    expect(lineFor(takenBy(ada), ben.by, null)).toMatchObject({ kind: 'colleague', hold: { byName: 'Ada' } });
  });

  test('who hears you is never said to be more, or less, than is known', () => {
    const mine = lineFor([...takenBy(ada), followed('o1')], ada.by, 'operator-7');
    const waiting = lineFor(takenBy(ada), ada.by, 'operator-7');
    const voice = { open: true, muted: false, connected: true, whispering: false };
    expect(whoHearsYou({ ...voice, line: mine })).toBe('The customer hears you.');
    expect(whoHearsYou({ ...voice, line: mine, open: false })).toBe('Nobody hears you yet.');
    expect(whoHearsYou({ ...voice, line: mine, muted: true, open: false })).toMatch(
      /^Nobody hears you: you muted/,
    );
    expect(whoHearsYou({ ...voice, line: mine, connected: false })).toMatch(/may not hear you/);
    expect(whoHearsYou({ ...voice, line: waiting })).toMatch(/^Nobody hears you yet/);
    const agent = { kind: 'agent' } as const;
    expect(whoHearsYou({ ...voice, line: agent })).toBe('Nobody hears you.');
    expect(whoHearsYou({ ...voice, line: agent, whispering: true })).toBe('Only the agent hears you.');
  });
});

describe('what is offered', () => {
  const offers = (facts: readonly CallFact[], over: object = {}) =>
    offersOf({ call: fold(facts), connection: live, role: 'supervisor', line: { kind: 'agent' }, ...over });

  test('a supervisor may do all of it while agent and customer are there', () => {
    const { pauseRecording, handBack, ...rest } = offers(begun);
    expect(Object.values(rest).every(({ enabled }) => enabled)).toBe(true);
    expect(pauseRecording.why).toBe('Nothing is being recorded.');
    expect(handBack.why).toBe('The agent has the line.');
  });

  test('a viewer may do none of it, and is told why', () => {
    for (const { enabled, why } of Object.values(offers(begun, { role: 'viewer' }))) {
      expect(enabled).toBe(false);
      expect(why).toMatch(/role \(viewer\)/);
    }
  });

  test('with old data only listening and the mark are on', () => {
    const on = Object.entries(offers(begun, { connection: { kind: 'stale', sinceMs: 0 } })).filter(
      ([, { enabled }]) => enabled,
    );
    expect(on.map(([name]) => name)).toEqual(['listen', 'flag']);
  });

  test('while a colleague has the line it is said who; whispering goes into the history all the same', () => {
    const line = lineFor(takenBy(ada), ben.by, null);
    const now = offers(takenBy(ada), { line });
    expect(now.takeOver).toEqual({ enabled: false, why: 'Ada has the line.' });
    expect(now.handBack.enabled).toBe(false);
    expect(now.whisper.enabled).toBe(true);
  });

  test('words without sound are neither heard nor taken over', () => {
    const silent = offers([{ ...requested, media: 'silent' } as CallFact, agentJoined(1), customerJoined]);
    expect(silent.listen.why).toBe('This call has no sound.');
    expect(silent.takeOver.enabled).toBe(false);
    expect(silent.whisper.enabled).toBe(true);
  });
});

describe('orders and their fate', () => {
  const wordsOf = (facts: readonly CallFact[]) => timelineEntries(ledger(facts)).map(({ words }) => words);

  test('an order is one line with what became of it', () => {
    const whisper = given(ada, 'o1', { kind: 'whisper', text: 'one slot left', via: 'text' });
    expect(wordsOf([requested, whisper]).at(-1)).toBe('Ada whispered: “one slot left” · not followed yet');
    expect(wordsOf([requested, whisper, followed('o1')])).toContain(
      'Ada whispered: “one slot left” · followed after\u00a01.0\u00a0s',
    );
    expect(wordsOf([requested, whisper, followed('o1', 'no agent')])).toContain(
      'Ada whispered: “one slot left” · failed after\u00a01.0\u00a0s: no agent',
    );
  });

  test('a line that came back by itself says who was gone', () => {
    expect(
      wordsOf([...takenBy(ada), followed('o1'), { type: 'takeOverLapsed', identity: 'operator-7' }]),
    ).toContain('Line came back to the agent: Ada was gone');
  });

  test('every entry is accounted for', () => {
    const facts = [
      ...takenBy(ada),
      followed('o1'),
      given(ada, 'o2', { kind: 'handBack', note: null }),
      followed('o2'),
    ];
    const entries = timelineEntries(ledger(facts));
    expect(entries.reduce((sum, entry) => sum + entry.toSeq - entry.fromSeq + 1, 0)).toBe(facts.length);
  });

  test('too many characters are counted, never cut', () => {
    expect(draftProblem('x'.repeat(ORDER_LENGTH))).toBeNull();
    expect(draftProblem('x'.repeat(ORDER_LENGTH + 3))).toBe('3 characters too many.');
    expect(draftProblem('two\nlines')).toBeNull();
    expect(draftProblem('a\u0007b')).not.toBeNull();
  });

  test('the time from the click to the effect is shown in ms', () => {
    const order: Order = { kind: 'whisper', text: 'x', via: 'text' };
    const asked = { orderId: 'o', order, clickedAt: 0, effectMs: 312.4, outcome: 'done' } as const;
    expect(askedWords(asked)).toBe('Whisper: followed 312 ms after your click');
  });
});

describe('who is there', () => {
  test('each person of ours once, by what they do now', () => {
    const call = fold([
      ...takenBy(ada),
      taken('operator-7'),
      seat(ada, 'listen', 'monitor-1'),
      taken('monitor-1'),
      seat(ben, 'listen', 'monitor-2'),
      taken('monitor-2'),
      seat(cleo, 'listen', 'monitor-3'),
    ]);
    const people = presentIn(call, 'Ana Lima', 'speaking', 'poor');
    expect(people.map(({ role, doing }) => `${role} ${doing}`)).toEqual([
      'customer on the line, network poor: words may be lost',
      'agent speaks',
      'operator has the line',
      'supervisor listens',
    ]);
    expect(companyWords(call, ada.by)).toBe('Ben is here too.');
    expect(companyWords(call, cleo.by)).toBe('Ada and Ben are here too.');
  });

  test('somebody who left is said to have left', () => {
    const call = fold([
      ...begun,
      seat(ben, 'listen', 'monitor-2'),
      taken('monitor-2'),
      { type: 'seatLeft', identity: 'monitor-2' },
    ]);
    expect(presentIn(call, 'Ana Lima', null, null).at(-1)).toMatchObject({
      doing: 'left',
      leftAtMs: T0 + 5_000,
    });
    expect(companyWords(call, ada.by)).toBeNull();
  });
});

describe('hearing', () => {
  test('its words count the seconds, and say why nothing is heard', () => {
    expect(hearingWords({ kind: 'reconnecting', sinceMs: 1_000 }, 4_200).label).toBe('Reconnecting 3 s');
    expect(
      hearingWords({ kind: 'notHearing', explanation: { what: '', why: 'The server is away.', todo: '' } }, 0)
        .label,
    ).toBe('Not hearing: the server is away.');
  });

  test('only what will not come back by itself is final', () => {
    expect([2, 4, 5, 10].map(overWhy)).toEqual(['elsewhere', 'removed', 'callEnded', 'callEnded']);
    expect([undefined, 3, 7].map(overWhy)).toEqual([null, null, null]);
  });

  test('silence is nothing, speech is something, and who is neither customer nor agent is ours', () => {
    expect(loudness(new Float32Array(64))).toBe(0);
    const speech = loudness(Float32Array.from({ length: 64 }, (_, i) => 0.1 * Math.sin(i)));
    expect(speech).toBeGreaterThan(0.5);
    expect(loudness(Float32Array.from({ length: 64 }, () => 1))).toBe(1);
    expect(['customer-1', 'sip_1', 'agent-1', 'operator-1'].map(speakerOf)).toEqual([
      'customer',
      'customer',
      'agent',
      'operator',
    ]);
  });
});
