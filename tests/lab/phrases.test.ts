import { expect, test } from 'vitest';
import { vinHeard } from '../../domain/vehicle/heard-vin.ts';
import { BUSINESSES, customerLine, EXCHANGES } from '../../agent-host/lab/phrases.ts';
import { BEHAVIOURS, businessFor, scriptFor, type Step } from '../../agent-host/lab/scenarios.ts';
import { seededRandom } from '../../agent-host/lab/seeded-random.ts';

test('a customer line is 5 to 14 plain words without a pause inside', () => {
  for (const { customer, id } of EXCHANGES) {
    expect(customer.split(' ').length).toBeGreaterThanOrEqual(5);
    expect(customer.split(' ').length).toBeLessThanOrEqual(id.startsWith('vin-') ? 17 : 14);
    expect(customer).toMatch(/^[A-Z][A-Za-z ]+[.?]$/);
  }
});

test('a VIN that customers spell is one', () => {
  expect(vinHeard(customerLine('vin-accord'))).toMatchObject({ vin: { vin: '1HGCM82633A004352' } });
  expect(vinHeard(customerLine('vin-tesla'))).toMatchObject({ vin: { vin: '5YJSA1E27HF000337' } });
});

test('every exchange has its own id and its own line', () => {
  expect(new Set(EXCHANGES.map(({ id }) => id)).size).toBe(EXCHANGES.length);
  expect(new Set(EXCHANGES.map(({ customer }) => customer)).size).toBe(EXCHANGES.length);
});

test('an answer starts with a short sentence', () => {
  for (const { agent } of EXCHANGES) {
    const [first = ''] = agent.split(/(?<=[.!?])\s/);
    expect(first.split(' ').length).toBeLessThanOrEqual(16);
  }
});

test.each(BEHAVIOURS)('the scripts of %s use only lines that exist', (behaviour) => {
  for (let seed = 0; seed < 40; seed++) {
    for (const id of lineIds(scriptFor(behaviour, seededRandom(seed)))) expect(customerLine(id)).not.toBe('');
  }
});

test('a polite call ends in a goodbye, and has three variants', () => {
  const endings = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const last = scriptFor('polite-buyer', seededRandom(seed)).at(-1);
    const line = last?.do === 'say' ? customerLine(last.line) : '';
    expect(line).toContain('goodbye');
    endings.add(line);
  }
  expect(endings.size).toBe(3);
});

test('the same seed gives the same script', () => {
  for (const behaviour of BEHAVIOURS) {
    expect(scriptFor(behaviour, seededRandom(7))).toEqual(scriptFor(behaviour, seededRandom(7)));
  }
});

test('every behaviour talks to a business that exists', () => {
  for (const behaviour of BEHAVIOURS)
    expect(BUSINESSES[businessFor(behaviour)].slug).toBe(businessFor(behaviour));
});

function lineIds(script: readonly Step[]): string[] {
  return script.flatMap((step) => {
    if (step.do === 'hold') return [...lineIds(step.answered), ...lineIds(step.alone)];
    return 'line' in step ? [step.line] : [];
  });
}
