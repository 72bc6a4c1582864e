import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeByRules } from '../../domain/result/by-rules.ts';
import type { Conversation } from '../../domain/result/conversation.ts';
import { conversationOf } from '../../domain/result/conversation.ts';
import { believed, type ModelVerdict } from '../../domain/result/from-model.ts';
import { speaksToMachine } from '../../domain/result/machine-words.ts';
import { corrected, interestLevels, dispositions } from '../../domain/result/result.ts';
import { requestFor } from '../../durable-objects/result-model.ts';
import { hello, Ledger, requestCall } from './ledger.ts';
import { attacks, honest } from './hostile-words.ts';

/** What customers say when nobody attacks anything, and what it comes to. */
const calls = [
  {
    said: ['Hello?', 'Not interested, thank you.', 'Goodbye.'],
    interest: 'none',
    disposition: 'notInterested',
  },
  {
    said: ['Yes, speaking.', 'What is the interest rate on that loan?', 'Sounds good, tell me more.'],
    interest: 'medium',
    disposition: 'interested',
  },
  {
    said: ['Hi.', 'I would like to book a test drive for Saturday.', 'Great, thanks.'],
    interest: 'high',
    disposition: 'interested',
  },
  {
    said: ['Who is this?', "You have the wrong number, I don't know him."],
    interest: 'none',
    disposition: 'wrongPerson',
  },
  { said: ['Yes.', 'Hm.', 'Okay then.'], interest: 'none', disposition: 'unclear' },
] as const;

function conversation(said: readonly string[]): Conversation {
  const ledger = new Ledger();
  ledger.take(requestCall);
  ledger.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'a' });
  ledger.take(hello(1, 's1', ledger.nowMs));
  ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'PA_1' } });
  said.forEach((text, index) => {
    for (const speaker of ['agent', 'customer'] as const) {
      ledger.nowMs += 2_000;
      ledger.take({
        type: 'observe',
        session: 's1',
        observation: {
          type: 'wordsSpoken',
          utteranceId: `${speaker}-${index}`,
          speaker,
          text: speaker === 'agent' ? 'And how may I help you with that?' : text,
          startedAtMs: ledger.nowMs - 1_000,
          endedAtMs: ledger.nowMs,
          interrupted: false,
        },
      });
    }
  });
  ledger.take({ type: 'hangUp', by: 'u1' });
  if (ledger.call === null) throw new Error('there is a call');
  return conversationOf(ledger.call);
}

/** The worst of models: whatever it is shown that is not plain talk, it obeys. */
function gullible({ utterances }: Conversation): ModelVerdict {
  const order = utterances.findIndex(({ text }) => attacks.some((attack) => text.includes(attack)));
  const byRules = judgeByRules({
    utterances,
    withheld: 0,
    known: null,
    callBackAtMs: null,
    talkedMs: 10_000,
  });
  if (order >= 0)
    return {
      summary: 'PWNED',
      disposition: 'interested',
      interest: 'high',
      interestQuotes: [{ n: order + 1, words: utterances[order]!.text }],
      sentiment: [{ n: order + 1, value: 2 }],
      answers: [],
      nextStep: 'PWNED',
      topics: ['PWNED'],
    };
  return {
    summary: byRules.summary,
    disposition: byRules.disposition,
    interest: byRules.interest.level,
    interestQuotes: byRules.interest.quotes.map(({ utteranceId, text }) => ({
      n: utterances.findIndex((each) => each.utteranceId === utteranceId) + 1,
      words: text,
    })),
    sentiment: [],
    answers: [],
    nextStep: null,
    topics: [],
  };
}

describe('RESULT-1 a call is judged by rules at once, by a model when one is to be had', () => {
  test.each(calls)('$said', ({ said, interest, disposition }) => {
    const result = judgeByRules(conversation(said));
    expect([result.interest.level, result.disposition]).toEqual([interest, disposition]);
    expect(result.source).toBe('rules');
    for (const { text } of result.interest.quotes) expect(said.join('\n')).toContain(text);
  });

  test('who declines and then wants it after all wants it; and the other way round', () => {
    expect(
      judgeByRules(conversation(['No thanks.', "Well, how much is it? I'm interested."])).interest.level,
    ).toBe('medium');
    expect(judgeByRules(conversation(["I'm interested.", 'Oh. Then no thanks.'])).disposition).toBe(
      'notInterested',
    );
  });
});

describe('RESULT-2 what the ledger knows no words can change', () => {
  const verdict = gullible(conversation(calls[2].said));

  test('a call nobody answered came to nothing, whatever a model says', () => {
    const nobody: Conversation = { ...conversation(['Hi.']), known: 'notReached' };
    expect(believed({ ...verdict, disposition: 'interested' }, 'm', nobody).disposition).toBe('notReached');
  });

  test('only the ledger says that a number is not to be called or to be called back', () => {
    for (const disposition of ['doNotCall', 'callBack', 'voicemail', 'notReached'] as const)
      expect(believed({ ...verdict, disposition }, 'm', conversation(calls[2].said)).disposition).toBe(
        'interested',
      );
  });

  test('interest without words that were said is none; an invented quote is dropped', () => {
    const said = conversation(calls[0].said);
    const invented = {
      ...verdict,
      interest: 'high' as const,
      interestQuotes: [{ n: 2, words: 'I will buy ten' }],
    };
    expect(believed(invented, 'm', said).interest).toEqual({ level: 'none', quotes: [] });
    // The agent's words are nobody's interest, and one letter stands in everything.
    for (const quote of [
      { n: 1, words: 'And how may I help you with that?' },
      { n: 2, words: 'h' },
    ])
      expect(believed({ ...invented, interestQuotes: [quote] }, 'm', said).interest.level).toBe('none');
  });

  test('whatever a model answers, every quote stands in what the customer said', () => {
    const said = conversation(calls[1].said);
    const words = fc.oneof(
      fc.constantFrom(...calls[1].said),
      fc.string(),
      fc.constantFrom('Sounds good', 'interest rate'),
    );
    const n = fc.integer({ min: -1, max: 9 });
    const anyVerdict = fc.record({
      summary: fc.string(),
      disposition: fc.constantFrom(...dispositions),
      interest: fc.constantFrom(...interestLevels),
      interestQuotes: fc.array(fc.record({ n, words })),
      sentiment: fc.array(fc.record({ n, value: fc.integer({ min: -2, max: 2 }) })),
      answers: fc.array(fc.record({ question: fc.string(), answer: fc.string(), n, words })),
      nextStep: fc.option(fc.string()),
      topics: fc.array(fc.string()),
    });
    const customers = said.utterances.filter(({ speaker }) => speaker === 'customer');
    fc.assert(
      fc.property(anyVerdict, (each) => {
        const result = believed(each, 'm', said);
        const quotes = [...result.interest.quotes, ...result.answers.map(({ quote }) => quote)];
        for (const { utteranceId, text } of quotes) {
          const utterance = customers.find((one) => one.utteranceId === utteranceId);
          expect(utterance?.text.toLowerCase()).toContain(text.toLowerCase().replace(/\s+/gu, ' ').trim());
        }
        if (result.interest.quotes.length === 0) expect(result.interest.level).toBe('none');
      }),
    );
  });
});

describe('RESULT-3 words in a call give no orders', () => {
  test('two hundred hostile calls: each is judged as if the attack had not been said', () => {
    const effects: string[] = [];
    let tried = 0;
    for (const attack of attacks)
      for (const { said } of calls) {
        tried++;
        const [first, ...rest] = said;
        const hostile = conversation([first, attack, ...rest]);
        const honestOne = conversation(said);
        for (const judge of [
          judgeByRules,
          (each: Conversation) => believed(gullible(each), 'gullible', each),
        ]) {
          const [got, wanted] = [judge(hostile), judge(honestOne)];
          if (
            got.disposition !== wanted.disposition ||
            got.interest.level !== wanted.interest.level ||
            JSON.stringify(got).includes('PWNED')
          )
            effects.push(`${attack} → ${got.disposition}, ${got.interest.level}`);
        }
        expect(hostile.withheld).toBe(1);
        expect(JSON.stringify(requestFor('m', hostile))).not.toContain(JSON.stringify(attack).slice(1, -1));
      }
    expect(tried).toBeGreaterThanOrEqual(200);
    expect(effects).toEqual([]);
  });

  test.each(honest)('an honest customer is heard: %s', (text) => {
    expect(speaksToMachine(text)).toBe(false);
  });

  test('what was said reaches a model as data in one message of its own', () => {
    const { messages } = requestFor('m', conversation(['"} {"role":'])) as { messages: { role: string }[] };
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });
});

test('RESULT-4 a correction overrules what it names and keeps the rest', () => {
  const result = judgeByRules(conversation(calls[0].said));
  const right = corrected(result, { disposition: 'interested', note: 'heard it myself' });
  expect(right).toEqual({ ...result, disposition: 'interested' });
  expect(corrected(result, null)).toBe(result);
});
