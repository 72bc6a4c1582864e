import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CUSTOMER_LINES } from '../../agent-host/lab/phrases.ts';
import { endedWhy } from '../../web/src/lib/talk/call-phase.ts';
import { isFinalStream, withCaption, type Caption } from '../../web/src/lib/talk/captions.ts';
import { examplePhrases } from '../../web/src/lib/talk/example-phrases.ts';
import { microphoneTrouble } from '../../web/src/lib/talk/microphone.ts';
import { profileTitle, statusWords } from '../../web/src/lib/talk/talk-words.ts';

const caption = (segmentId: string, text: string, final: boolean): Caption => ({
  segmentId,
  speaker: 'you',
  text,
  final,
});

describe('captions', () => {
  test('a segment is one line, replaced in place', () => {
    let shown = withCaption([], caption('s1', 'I saw', false));
    shown = withCaption(shown, caption('s2', 'Hello', true));
    shown = withCaption(shown, caption('s1', 'I saw the car.', true));
    expect(shown.map((line) => line.text)).toEqual(['I saw the car.', 'Hello']);
  });
  test('an interim after its final is old news, and an empty final takes the line back', () => {
    const final = withCaption([], caption('s1', 'Done.', true));
    expect(withCaption(final, caption('s1', 'Do', false))).toBe(final);
    expect(withCaption(withCaption([], caption('s1', 'uh', false)), caption('s1', '', true))).toEqual([]);
  });
  test('whatever comes, no segment has two lines and what is final stays final', () => {
    const any = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.string({ maxLength: 3 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), (all) => {
        let shown: readonly Caption[] = [];
        for (const [id, text, final] of all) {
          const wasFinal = shown.find((line) => line.segmentId === id)?.final ?? false;
          shown = withCaption(shown, caption(id, text, final));
          expect(new Set(shown.map((line) => line.segmentId)).size).toBe(shown.length);
          const now = shown.find((line) => line.segmentId === id);
          if (wasFinal && now !== undefined) expect(now.final).toBe(true);
        }
      }),
    );
  });
  test("the end of an agent's stream is the end of its sentence; a recogniser marks its last one", () => {
    expect(isFinalStream('agent', { 'lk.transcription_final': 'false' })).toBe(true);
    expect(isFinalStream('you', { 'lk.transcription_final': 'false' })).toBe(false);
    expect(isFinalStream('you', { 'lk.transcription_final': 'true' })).toBe(true);
  });
});

test('the example phrases are the recogniser’s own, word for word', () => {
  for (const profile of ['auto-sales', 'loan-interest', 'another']) {
    for (const phrase of examplePhrases(profile)) expect(CUSTOMER_LINES).toContain(phrase);
  }
  expect(examplePhrases('auto-sales').length).toBeGreaterThan(examplePhrases('another').length);
});

test('a room that closes before anybody answered is an unanswered call', () => {
  const roomDeleted = 5;
  expect(endedWhy(roomDeleted, false)).toBe('noAnswer');
  expect(endedWhy(roomDeleted, true)).toBe('over');
  expect(endedWhy(undefined, true)).toBe('network');
  expect(endedWhy(2, true)).toBe('elsewhere');
});

test.each([
  ['NotAllowedError', true, /not allowed/],
  ['NotFoundError', true, /No microphone/],
  ['NotReadableError', true, /Another app/],
  ['TypeError', false, /unsafe connection/],
  ['TypeError', true, /could not be started/],
])('a microphone refused with %s (secure: %s) is explained', (name, secure, what) => {
  const error = Object.assign(new Error('x'), { name });
  const trouble = microphoneTrouble(error, secure);
  expect(trouble.what).toMatch(what);
  expect(trouble.todo).not.toBe('');
});

test('the page says what happens now, and admits that ringing takes long', () => {
  const ringing = { phase: { kind: 'ringing', sinceMs: 0 }, agentDoing: null, muted: false } as const;
  expect(statusWords(ringing, 3_000)).toContain('in a moment');
  expect(statusWords(ringing, 20_000)).toContain('20s');
  const connected = {
    phase: { kind: 'connected', sinceMs: 0 },
    agentDoing: 'speaking',
    muted: true,
  } as const;
  expect(statusWords(connected, 0)).toBe('You are muted. The agent is speaking.');
  expect(statusWords({ ...connected, agentDoing: null }, 0)).toContain('dropped out');
  expect(profileTitle('auto-sales')).toBe('Auto sales');
});
