import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillIn, placeholdersOf } from '../../domain/lead/script.ts';

const lead = {
  name: 'Ada King Lovelace',
  email: 'ada@example.com',
  phone: '+12125550100',
  fields: { vehicle: 'Roadster', note: 'a\r\nb\tc', trick: '{{lead.phone}} {{{{x}}}}', money: '$& $1' },
};

describe('CAMP-2 placeholders are filled with data, and data stays data', () => {
  test.each([
    ['Hello {{lead.name}}', 'Hello Ada King Lovelace', []],
    ['Hello {{ LEAD.first_name }}!', 'Hello Ada!', []],
    ['{{lead.vehicle}}{{lead.vehicle}}', 'RoadsterRoadster', []],
    ['{{lead.note}}', 'a b c', []],
    ['{{lead.trick}}', 'lead.phone x', []],
    ['{{lead.money}}', '$& $1', []],
    ['{{lead.colour}} {{lead.constructor}} {{lead.__proto__}}', '  ', ['colour', 'constructor', '__proto__']],
    ['{{lead}} {lead.name} {{ name }}', '{{lead}} {lead.name} {{ name }}', []],
  ])('%s', (template, text, unknown) => expect(fillIn(template, lead)).toEqual({ text, unknown }));

  test('a column first_name is better than the first word of the name', () => {
    const told = { ...lead, fields: { first_name: 'Countess' } };
    expect(fillIn('{{lead.first_name}}', told).text).toBe('Countess');
  });

  test('names placeholders once', () => {
    expect(placeholdersOf('{{lead.a}} {{lead.A}} {{lead.b_2}} {{x.c}}')).toEqual(['a', 'b_2']);
  });

  test('no value brings in a line or a placeholder of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const { text } = fillIn('<{{lead.x}}>', { ...lead, fields: { x: value } });
        expect(text).not.toMatch(/[\r\n\u2028\u2029{}]/);
        expect(placeholdersOf(text)).toEqual([]);
      }),
    );
  });
});
