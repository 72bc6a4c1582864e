import { expect, test } from 'vitest';
import { errorName, withoutPersonalData } from '../../agent-host/src/log.ts';

test('what the framework marks as personal data never reaches the log', () => {
  const line =
    '{"level":40,"lk.pii.user_input":"my card number is","lk.pii.room_name":"call-1","msg":"skipping"}\n';
  expect(JSON.parse(withoutPersonalData(line))).toEqual({ level: 40, msg: 'skipping' });
  expect(withoutPersonalData('{"lk.pii.user_input":"secret"} and more')).not.toContain('secret');
  expect(withoutPersonalData('agent host ready\n')).toBe('agent host ready\n');
});

test('an error is named, its message is not repeated', () => {
  expect(errorName(new TypeError('the customer said 4711'))).toBe('TypeError');
  expect(errorName('thrown words')).toBe('string');
});
