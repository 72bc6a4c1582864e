import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { applyCallEvent, foldCall } from '../../domain/call/apply.ts';
import { decide } from '../../domain/call/decide.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import { ERASED, epochAfterErasing, eraseFact } from '../../domain/privacy/erase.ts';
import { MASK, initialsOf, maskGrowingWords, maskWords } from '../../domain/privacy/mask.ts';

const ordinary = fc
  .array(
    fc.constantFrom('the', 'blue', 'car', 'Zoë', 'is', '12', 'of', "don't", '3.', 'März', 'at', 'dot', 'a1'),
    {
      maxLength: 12,
    },
  )
  .map((words) => words.join(' '));
const digits = fc
  .tuple(
    fc.array(fc.constantFrom(...'0123456789'), { minLength: 4, maxLength: 16 }),
    fc.constantFrom('', ' ', '-', ' - ', ', '),
  )
  .map(([each, between]) => each.join(between));
const address = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9._+-]{0,20}$/), fc.stringMatching(/^[a-z]{1,12}\.(com|de|org)$/))
  .map(([local, domain]) => `${local}@${domain}`);
const vin = fc.stringMatching(/^[A-HJ-NPR-Z]{2}[0-9]{2}[A-HJ-NPR-Z0-9]{7}[0-9]{6}$/);

describe('PRIVACY-2 masked words', () => {
  it('masking again changes nothing, for any text', () => {
    const pieces = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), ordinary, digits, address, vin), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(pieces, fc.constantFrom('', ' ', '-', '. '), (each, between) => {
        const masked = maskWords(each.join(between));
        expect(maskWords(masked)).toBe(masked);
        expect(maskGrowingWords(maskGrowingWords(masked))).toBe(maskGrowingWords(masked));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a number', digits],
    ['an e-mail address', address],
    ['a vehicle number', vin],
  ])('%s leaves no part of itself between words', (_what, secret) => {
    fc.assert(
      fc.property(ordinary, secret, ordinary, (before, hidden, after) => {
        const masked = maskWords(`${before} ${hidden} ${after}`);
        expect(masked).toContain(MASK);
        const left = masked.replaceAll(MASK, '').replace(/\b(12|3|a1)\b/g, '');
        expect(left).not.toMatch(/\p{Nd}|@/u);
        // The longest piece of the secret's letters is nowhere either.
        for (const part of hidden.split(/[^a-zA-Z]+/).filter((each) => each.length > 4))
          expect(left).not.toContain(part);
      }),
    );
  });

  it('says the same of secrets of any length', () => {
    fc.assert(
      fc.property(digits, address, (number, mail) => {
        expect(maskWords(`${number} | ${mail}`)).toBe(`${MASK} | ${MASK}`);
      }),
    );
  });

  it('keeps text that identifies nobody, letter for letter', () => {
    const plain = fc.array(
      fc.constantFrom('the', 'blue', 'car', 'with 3 doors', 'Zoë', '12 %', 'März', '!', '"', '\n'),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(plain, (words) => {
        expect(maskWords(words.join(' , '))).toBe(words.join(' , '));
      }),
    );
  });

  it.each([
    ['I am on 0151 234 5678, call me', `I am on ${MASK}, call me`],
    ['four: 4 2 1 7.', `four: ${MASK}.`],
    ['+49 (151) 234-56', MASK],
    ['mail robin@example.com!', `mail ${MASK}!`],
    ['mail robin at example dot com please', `mail ${MASK} please`],
    ['rob1234 at example dot com', MASK],
    ['it is WVWZZZ1JZ3W386752', `it is ${MASK}`],
    ['W V W Z Z Z 1 J Z 3 W 3 8 6 7 5 2', MASK],
    ['between 100 and 200', 'between 100 and 200'],
    ['we meet at the dealer', 'we meet at the dealer'],
  ])('%s', (text, masked) => {
    expect(maskWords(text)).toBe(masked);
  });

  it('of words still being spoken the number at the end is not shown before it is long enough', () => {
    const number = '0151 234 56';
    for (let length = 1; length <= number.length; length++) {
      expect(maskGrowingWords(`my number is ${number.slice(0, length)}`).trimEnd()).toBe(
        `my number is ${MASK}`,
      );
    }
    expect(maskGrowingWords('I want 2 doors')).toBe('I want 2 doors');
  });

  it('a hostile text of full length is masked in a moment: the work grows with its length only', () => {
    for (const unit of ['a', '1 ', 'a@', 'a at ', '(', 'a-', '1a', ' ']) {
      expect(maskWords(unit.repeat(8_000 / unit.length)).length).toBeLessThanOrEqual(8_000);
    }
  });
});

describe('PRIVACY-1 names as initials', () => {
  it('show at most three letters of the name, and stay as they are when shortened again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
        const initials = initialsOf(name);
        expect(initialsOf(initials)).toBe(initials);
        expect((initials.match(/\p{L}/gu) ?? []).length).toBeLessThanOrEqual(3);
        expect(initials).not.toMatch(/\p{Nd}|@/u);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['Robin Hood', 'R. H.'],
    ['anna-lena  müller', 'A. M.'],
    ['王小明', '王.'],
    ['+49 151 2345', MASK],
    ['robin@example.com', 'R.'],
    ['', ''],
  ])('%s → %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

/** Ledgers of calls that happened. */
const FOLDER = join(import.meta.dirname, 'journals');
const journals = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ndjson'))
  .map((file) => readFileSync(join(FOLDER, file), 'utf8').trim().split('\n'))
  .map((lines) => lines.map((line) => JSON.parse(line) as CallEvent));
const both = { words: true, contact: true };
const erased = (events: readonly CallEvent[], parts: typeof both): CallEvent[] =>
  events.map((event) => ({ ...eraseFact(event, parts), seq: event.seq, atMs: event.atMs }));

describe('PRIVACY-5 an erased ledger', () => {
  it('folds to the same state but for the words and the name', () => {
    for (const events of journals) {
      const before = foldCall(events)!;
      const after = foldCall(erased(events, both))!;
      expect(after.transcript.map((each) => each.text)).toEqual(before.transcript.map(() => ERASED));
      expect(after.request.contact).toEqual({ name: null });
      expect({
        ...after,
        request: before.request,
        transcript: before.transcript,
        end: before.end,
        attention: before.attention,
      }).toEqual(before);
      expect({ ...after.end, reason: '' }).toEqual({ ...before.end, reason: '' });
    }
  });

  it('loses the parts that were asked for and no other, in either order the same', () => {
    for (const events of journals) {
      const words = erased(events, { words: true, contact: false });
      expect(foldCall(words)!.request).toEqual(foldCall(events)!.request);
      const contact = erased(events, { words: false, contact: true });
      expect(foldCall(contact)!.transcript).toEqual(foldCall(events)!.transcript);
      expect(erased(words, { words: false, contact: true })).toEqual(
        erased(contact, { words: true, contact: false }),
      );
      expect(erased(words, { words: true, contact: false })).toEqual(words);
    }
  });

  it('is erased only once it has ended, and once', () => {
    const [events = []] = journals;
    const end = events.findIndex((event) => event.type === 'callEnded');
    const input = { type: 'erase', by: 'user:1', ...both } as const;
    expect(decide(foldCall(events.slice(0, end)), input, 0)).toEqual({ ok: true, facts: [] });
    const ended = foldCall(events)!;
    const fact = { type: 'personalDataErased', by: 'user:1', ...both } as const;
    expect(decide(ended, input, 0)).toEqual({ ok: true, facts: [fact] });
    const after = applyCallEvent(ended, { ...fact, seq: ended.head + 1, atMs: ended.lastEventAtMs });
    expect(decide(after, input, 0)).toEqual({ ok: true, facts: [] });
    expect(decide(after, { ...input, words: false }, 0)).toEqual({ ok: true, facts: [] });
  });

  it('has an epoch of its own each time, no longer than before', () => {
    expect(epochAfterErasing('a-b', 7)).toBe('a-b~7');
    expect(epochAfterErasing('a-b~7', 12)).toBe('a-b~12');
  });
});
