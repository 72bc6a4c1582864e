import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import { headersWithSecrets, secretsOf } from '../../domain/profile/http-tool.ts';
import { modelProviders, modelStages, stagesOf } from '../../domain/profile/models.ts';
import { toldInstructions, unknownIn } from '../../domain/profile/placeholders.ts';
import { problemsOf } from '../../domain/profile/problems.ts';
import { ProfileContentSchema } from '../../protocol/profile.ts';
import * as z from 'zod/mini';

const content = (over: object = {}) => {
  const { slug: _slug, ...example } = exampleProfiles[0]!;
  return z.parse(ProfileContentSchema, { ...example, ...over });
};
const codes = (over: object, tools: readonly string[] = []): string[] =>
  problemsOf(content(over), tools).map((each) => `${each.field}: ${each.code}`);

describe('PROFILE-4 what cannot work', () => {
  it('the examples can', () => {
    for (const { slug: _slug, ...example } of exampleProfiles) expect(problemsOf(example, [])).toEqual([]);
  });

  it('every provider is held to what it can do, at every stage and place', () => {
    const choice = fc.record({
      provider: fc.constantFrom(...modelProviders),
      model: fc.constant(null),
      voice: fc.constant(null),
    });
    const lists = fc.array(choice, { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.record({ hearing: lists, thinking: lists, speaking: lists, realtime: fc.option(choice) }),
        (models) => {
          const wrong = modelStages.flatMap((stage) => {
            const chosen =
              stage === 'realtime' ? (models.realtime === null ? [] : [models.realtime]) : models[stage];
            return chosen.flatMap(({ provider }, at) =>
              stagesOf[provider].includes(stage)
                ? []
                : [stage === 'realtime' ? 'realtime.provider' : `${stage}.${at}.provider`],
            );
          });
          expect(problemsOf(content(models), []).map((each) => each.field)).toEqual(wrong);
        },
      ),
    );
  });

  it('each says where', () => {
    expect(codes({ silence: { askAfterS: 5, asks: 1, line: '{{lead.name}}?' } })).toEqual([
      'silence.line: placeholderSpoken',
    ]);
    expect(codes({ voicemailLine: 'Hi {{ contact.name }}' })).toEqual(['voicemailLine: placeholderSpoken']);
    expect(codes({ otherLanguages: ['de-DE'], tools: [] })).toEqual(['otherLanguages: languagesUnused']);
    expect(codes({ questions: [{ key: 'a', question: 'A?' }], tools: [] })).toEqual([
      'questions: answersUnrecorded',
    ]);
    const twice = [
      { key: 'a', question: 'A?' },
      { key: 'a', question: 'B?' },
    ];
    expect(codes({ questions: twice })).toEqual(['questions.1.key: questionTwice']);
    expect(codes({ httpTools: ['known', 'unknown'] }, ['known'])).toEqual(['httpTools.1: httpToolUnknown']);
    expect(codes({ recording: 'afterConsent', consentLine: null })).toEqual([
      'consentLine: consentLineMissing',
    ]);
    expect(codes({ recording: 'afterConsent', consentLine: 'Recorded.' })).toEqual([]);
  });
});

describe('PROFILE-7 instructions as an agent is told them', () => {
  it('whatever somebody calls themselves, it is never among them', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, unit: 'grapheme' }), (name) => {
        fc.pre(!'Greet the customer (customerName in the call details) now.'.includes(name));
        const told = toldInstructions('Greet {{contact.name}} now.', name);
        expect(told).not.toContain(name);
        expect(told).not.toMatch(/\{\{/);
      }),
    );
    expect(toldInstructions('Greet {{ Contact.Name }}.', null)).toBe('Greet the customer.');
  });

  it('what no lead filled in becomes nothing, and what is no placeholder of ours stays', () => {
    expect(toldInstructions('About {{lead.car}}: {"a":1}', 'Robin')).toBe('About : {"a":1}');
    expect(unknownIn('{{contact.name}} {{lead.any_column}} {{ LEAD.Name }}')).toEqual([]);
    expect(unknownIn('{{lead}} {{contact.phone}} {{lead.a b}} {{}}')).toEqual([
      'lead',
      'contact.phone',
      'lead.a b',
      '',
    ]);
  });
});

describe('secrets of tools', () => {
  it('are put in as they are, and a request with one missing does not go out', () => {
    const headers = { authorization: 'Bearer {{secret.A}}', 'x-b': '{{secret.B}}-{{secret.A}}' };
    expect(secretsOf(headers)).toEqual(['A', 'B']);
    const values: Record<string, string> = { A: '$&{{secret.B}}', B: 'b' };
    expect(headersWithSecrets(headers, (name) => values[name])).toEqual({
      authorization: 'Bearer $&{{secret.B}}',
      'x-b': 'b-$&{{secret.B}}',
    });
    expect(headersWithSecrets(headers, (name) => (name === 'A' ? 'a' : undefined))).toBeNull();
  });
});
