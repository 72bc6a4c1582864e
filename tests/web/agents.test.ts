import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import { modelProviders } from '../../domain/profile/models.ts';
import { toolNames } from '../../domain/profile/profile.ts';
import type { ProfileContent } from '../../protocol/profile.ts';
import { ProfileContentSchema } from '../../protocol/profile.ts';
import { changedFields, lineRuns, sideBySide } from '../../web/src/lib/agents/compare.ts';
import { contentOf, draftOf, sameContent } from '../../web/src/lib/agents/draft.ts';
import { fieldProblems } from '../../web/src/lib/agents/field-problems.ts';
import { toolDraft, toolWish } from '../../web/src/lib/agents/tool-draft.ts';
import { blankContent } from '../../web/src/lib/agents/blank.ts';
import { slugFrom } from '../../web/src/lib/agents/words.ts';
import * as z from 'zod/mini';

const { slug: _slug, ...example } = exampleProfiles[1]!;
const base = z.parse(ProfileContentSchema, example);

const said = fc.stringMatching(/^[A-Za-z][ -~]{0,40}$/);
const choice = fc.record({
  provider: fc.constantFrom(...modelProviders),
  model: fc.option(fc.stringMatching(/^[a-z0-9.-]{1,20}$/)),
  voice: fc.option(fc.stringMatching(/^[a-z0-9.-]{1,20}$/)),
});
const choices = fc.array(choice, { maxLength: 4 });
/** Any agent that the API may hold. */
const anyContent: fc.Arbitrary<ProfileContent> = fc
  .record({
    greeting: said,
    disclosureLine: fc.option(said),
    voicemailLine: fc.option(said),
    consentLine: fc.option(said),
    transferTo: fc.option(said),
    instructions: fc.array(said, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n')),
    otherLanguages: fc.array(fc.constantFrom('de-DE', 'fr', 'pt-BR'), { maxLength: 3 }),
    hearing: choices,
    thinking: choices,
    speaking: choices,
    realtime: fc.option(choice),
    tools: fc.uniqueArray(fc.constantFrom(...toolNames)),
    questions: fc.array(fc.record({ key: fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/), question: said }), {
      maxLength: 4,
    }),
    maximumSpendMicros: fc.option(fc.integer({ min: 1_000, max: 1_000_000_000 })),
    maximumDurationS: fc.integer({ min: 30, max: 1_800 }),
  })
  .map((over) => ({ ...base, ...over }));

describe('an agent in a form', () => {
  it('comes out as it went in, so that looking changes nothing', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const out = contentOf(draftOf(content));
        expect(out).toEqual(content);
        expect(sameContent(out, content)).toBe(true);
        expect(fieldProblems(out, []).unsavable.size).toBe(0);
      }),
    );
  });

  it('any change of a field is one, an emptied line is none at all', () => {
    const draft = draftOf(base);
    draft.consentLine = '  ';
    expect(contentOf(draft).consentLine).toBeNull();
    expect(sameContent(contentOf(draft), base)).toBe(false);
    expect(
      sameContent({ ...base }, Object.fromEntries(Object.entries(base).reverse()) as ProfileContent),
    ).toBe(true);
  });

  it('says at the field what is wrong with it', () => {
    const draft = draftOf(base);
    draft.greeting = '';
    draft.language = 'English';
    draft.otherLanguages = 'de-DE, nope!';
    draft.maximumDollars = 'a lot';
    draft.maximumDurationS = 10;
    draft.questions.push({ key: 'Not So', question: '' });
    const { unsavable, unready } = fieldProblems(contentOf(draft), []);
    expect(Object.fromEntries(unsavable)).toEqual({
      greeting: 'Say something here.',
      language: 'Languages are written en-US, de-DE, fr.',
      otherLanguages: 'Languages are written en-US, de-DE, fr.',
      maximumDollars: 'A number is needed here.',
      maximumDurationS: 'At least 30.',
      'questions.2.key': 'Lower-case letters, digits and underscores, a letter first.',
      'questions.2.question': 'Say something here.',
    });
    expect(unready.size).toBe(0);
    // An amount that is none is a change, and is not taken for no limit.
    expect(sameContent(contentOf(draft), { ...contentOf(draft), maximumSpendMicros: null })).toBe(false);
    draft.maximumDollars = '5000';
    expect(fieldProblems(contentOf(draft), []).unsavable.get('maximumDollars')).toBe('At most $1000.');
  });

  it('what could be kept and not be published is said apart', () => {
    const draft = draftOf(base);
    draft.httpTools.push('gone');
    draft.recording = 'afterConsent';
    draft.consentLine = '';
    const { unsavable, unready } = fieldProblems(contentOf(draft), []);
    expect([unsavable.size, [...unready.keys()]]).toEqual([0, ['httpTools.0', 'consentLine']]);
  });

  it('a new one is ready to be published', () => {
    const { unsavable, unready } = fieldProblems(blankContent('Bookings'), []);
    expect([unsavable.size, unready.size]).toEqual([0, 0]);
  });

  it.each([
    ['Harbour Loans (DE)', 'harbour-loans-de'],
    ['  Zoë’s Café!  ', 'zoe-s-cafe'],
    ['…', ''],
    ['x'.repeat(90), 'x'.repeat(63)],
  ])('%j has the name %j in links', (title, slug) => {
    expect(slugFrom(title)).toBe(slug);
  });
});

describe('two versions of an agent', () => {
  it('share every field that says the same, and each other is shown with both sides', () => {
    const after = { ...base, title: 'Harbour Credit', tools: [...base.tools].reverse(), transferTo: null };
    expect(changedFields(base, after)).toEqual([
      { field: 'title', label: 'Name', before: 'Harbour Loans', after: 'Harbour Credit' },
      { field: 'transferTo', label: 'People it hands over to', before: 'Advisers', after: '' },
    ]);
  });

  it('no difference goes unseen, whatever differs', () => {
    fc.assert(
      fc.property(anyContent, anyContent, (one, other) => {
        const seen = new Set(changedFields(one, other).map((each) => each.field));
        for (const field of Object.keys(one) as (keyof ProfileContent)[]) {
          const order = (value: unknown): unknown =>
            field === 'tools' || field === 'httpTools' ? [...(value as string[])].sort() : value;
          const differs = JSON.stringify(order(one[field])) !== JSON.stringify(order(other[field]));
          expect([field, seen.has(field)]).toEqual([field, differs]);
        }
      }),
    );
  });

  it('lines put together again are both texts, below each other and side by side', async () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '', 'a b'), { maxLength: 12 })
      .map((lines) => lines.join('\n'));
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        const runs = await lineRuns(before, after);
        const lines = (kept: 'gone' | 'new'): string =>
          runs.flatMap((run) => (run.kind === kept || run.kind === 'same' ? run.lines : [])).join('\n');
        expect([lines('gone'), lines('new')]).toEqual([before, after]);
        const rows = sideBySide(runs);
        const column = (side: 'before' | 'after'): string =>
          rows.flatMap((row) => (row[side] === null ? [] : [row[side]])).join('\n');
        expect([column('before'), column('after')]).toEqual([before, after]);
        for (const row of rows) if (!row.changed) expect(row.before).toBe(row.after);
      }),
    );
  });
});

describe('a tool in a form', () => {
  const tool = {
    name: 'order',
    description: 'Looks up.',
    method: 'POST',
    url: 'https://a.example.com/',
    parameters: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    headers: { authorization: 'Bearer {{secret.CRM}}', 'x-shop': 'a: b' },
    timeoutMs: 2_500,
  } as const;

  it('comes out as it went in', () => {
    const { name: _name, ...wish } = tool;
    expect(toolWish(toolDraft(tool))).toEqual({ wish });
  });

  it('what is no JSON and no header is said at its field', () => {
    const draft = { ...toolDraft(tool), parameters: '{', headers: 'just words' };
    expect(toolWish(draft)).toEqual({
      problems: { parameters: expect.any(String) as string, headers: expect.any(String) as string },
    });
  });
});
