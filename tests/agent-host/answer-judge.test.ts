import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnswerJudge, VERDICT_WITHIN_MS } from '../../agent-host/src/answer-judge.ts';

const ANSWERED = 1_790_000_000_000;
type Said = readonly [fromMs: number, toMs: number, words?: string];

/** Looks every 100 ms, as the agent does. Words are heard when they were said to the end. */
function judge(...said: readonly Said[]) {
  const judge = new AnswerJudge(ANSWERED);
  for (let ms = 0; ms <= 20_000; ms += 100) {
    for (const [fromMs, toMs, words] of said) {
      if (ms === fromMs) judge.startedSpeaking(ANSWERED + ms);
      if (ms === toMs) {
        judge.stoppedSpeaking(ANSWERED + ms);
        if (words !== undefined) judge.heard(words, true);
      }
    }
    const verdict = judge.verdict(ANSWERED + ms);
    if (verdict !== null) return verdict;
  }
  throw new Error('no verdict');
}

describe('AMD-1 who took the call', () => {
  test.each([
    'Hi, you have reached Robin. Please leave a message after the tone.',
    'The person you are calling is not available right now.',
    'Welcome to Acme. For sales, press one.',
    'Sie sind mit der Mailbox von Robin verbunden. Bitte hinterlassen Sie eine Nachricht.',
    'Bonjour, laissez un message après le bip.',
    'Este es el buzón de voz de Robin.',
  ])('a machine gives itself away by its words: %s', (words) => {
    expect(judge([300, 4_000, words])).toMatchObject({ verdict: 'machine', method: 'words', afterMs: 4_000 });
  });

  test('words still being spoken count', () => {
    const early = new AnswerJudge(ANSWERED);
    early.startedSpeaking(ANSWERED + 300);
    early.heard('please leave a mess', false);
    expect(early.verdict(ANSWERED + 1_900)).toBeNull();
    early.heard('please leave a message', false);
    expect(early.verdict(ANSWERED + 2_000)).toMatchObject({ verdict: 'machine' });
  });

  test('an unknown language is known by its length', () => {
    const verdict = judge([300, 9_000, 'dovolali jste se do schránky']);
    expect(verdict).toMatchObject({ verdict: 'machine', method: 'length', afterMs: 5_300 });
  });

  test('a breath does not end a monologue', () => {
    expect(judge([300, 2_500], [2_900, 9_000])).toMatchObject({ verdict: 'machine', method: 'length' });
  });

  test('a short greeting and then silence is a person', () => {
    expect(judge([400, 1_100, 'Hello?'])).toMatchObject({ verdict: 'human', afterMs: 2_600 });
  });

  test('who lets us greet and then answers at length is a person', () => {
    expect(judge([4_000, 11_900, 'Well, let me see'])).toMatchObject({ verdict: 'unsure', afterMs: 8_000 });
    expect(judge([3_000, 5_000, 'Yes, this is a good moment'])).toMatchObject({ verdict: 'human' });
  });

  test('words that are understood late are waited for', () => {
    const slow = new AnswerJudge(ANSWERED);
    slow.startedSpeaking(ANSWERED + 300);
    slow.stoppedSpeaking(ANSWERED + 2_500);
    expect(slow.verdict(ANSWERED + 6_000)).toBeNull();
    slow.heard('you have reached my mailbox', true);
    expect(slow.verdict(ANSWERED + 6_100)).toMatchObject({ verdict: 'machine', method: 'words' });
  });

  test('whoever says nothing may be a person', () => {
    expect(judge()).toMatchObject({ verdict: 'unsure', method: 'silence', afterMs: VERDICT_WITHIN_MS });
  });

  test('it says so once, and never later than 8 s, whatever is heard', () => {
    const stretch = fc.tuple(fc.nat(150), fc.nat(100), fc.string());
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 6 }), (stretches) => {
        const said = stretches.map(([from, length, words]): Said => [
          from * 100,
          (from + length) * 100,
          words,
        ]);
        const { confidence, afterMs } = judge(...said);
        expect(afterMs).toBeLessThanOrEqual(VERDICT_WITHIN_MS);
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('the first verdict is the last', () => {
    const once = new AnswerJudge(ANSWERED);
    once.heard('after the tone', true);
    expect(once.verdict(ANSWERED + 1_000)).not.toBeNull();
    expect(once.verdict(ANSWERED + 2_000)).toBeNull();
  });
});
