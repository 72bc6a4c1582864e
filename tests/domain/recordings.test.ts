import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldCall } from '../../domain/call/apply.ts';
import { deadlinesOf } from '../../domain/call/deadlines.ts';
import type { CallInput } from '../../domain/call/input.ts';
import type { RecordingNews, RecordingPolicy } from '../../domain/call/recording.ts';
import { NONE_BEGUN } from '../../domain/call/recording.ts';
import { RECORDING_BEGIN_MS, RECORDING_STORE_MS, stricterPolicy } from '../../domain/call/recordings.ts';
import { Ledger, START_MS, hello, requestCall } from './ledger.ts';

const liveness = { agentLinkLostAtMs: null, lastSignAtMs: Number.MAX_SAFE_INTEGER };
const consentLineSaid: CallInput = {
  type: 'observe',
  session: 's1',
  observation: { type: 'consentLineSaid' },
};
const hangUp: CallInput = { type: 'hangUp', by: 'user:1' };

/** A call with agent and customer in it. Its host's clock is 250 ms slow. */
function answered(recording?: RecordingPolicy): Ledger {
  const ledger = new Ledger();
  ledger.take({ ...requestCall, ...(recording === undefined ? {} : { recording }) });
  ledger.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' });
  ledger.take(hello(1, 's1', ledger.nowMs - 250));
  ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'PA_1' } });
  return ledger;
}

const tell = (news: RecordingNews): CallInput => ({ type: 'recordingNews', hostId: 'host-1', news });
const begun = (recordingId: string, startedAtMs = START_MS): CallInput =>
  tell({ type: 'recordingBegun', recordingId, recorder: 'host', hostId: null, startedAtMs });
const ended = (recordingId: string): CallInput =>
  tell({ type: 'recordingEnded', recordingId, durationMs: 5_000 });
const failed = (recordingId: string): CallInput =>
  tell({ type: 'recordingFailed', recordingId, reason: 'disk full' });
const stored = (recordingId: string): CallInput => ({
  type: 'recordingStored',
  ...{ recordingId, durationMs: 5_000, bytes: 40_000, mediaType: 'audio/mpeg' },
});

/** The clock rings at each deadline up to then. */
function passTime(ledger: Ledger, untilMs: number): void {
  for (;;) {
    const due = deadlinesOf(ledger.call!, { ...liveness, lastSignAtMs: untilMs })[0];
    if (due === undefined || due.atMs > untilMs) break;
    ledger.nowMs = Math.max(ledger.nowMs, due.atMs);
    const head = ledger.call!.head;
    ledger.take({ type: 'clock', liveness: { ...liveness, lastSignAtMs: untilMs } });
    if (ledger.call!.head === head) throw new Error(`${due.name} rang and changed nothing`);
  }
  ledger.nowMs = untilMs;
}
const phases = ({ call }: Ledger) => (call?.recordings ?? []).map((each) => each.phase);

describe('REC-1 what is recorded is decided when the call is requested', () => {
  test('a campaign may ask for less than the profile, never for more', () => {
    expect(stricterPolicy('on', 'off')).toBe('off');
    expect(stricterPolicy('on', 'afterConsent')).toBe('afterConsent');
    expect(stricterPolicy('afterConsent', 'on')).toBe('afterConsent');
    expect(stricterPolicy('off', 'on')).toBe('off');
    expect(stricterPolicy('on', undefined)).toBe('on');
  });

  test('a call that records nothing has no deadline for it, before or after its end', () => {
    const ledger = answered();
    ledger.take(hangUp);
    expect(deadlinesOf(ledger.call!, liveness)).toEqual([]);
  });
});

describe('REC-3 a recording’s times are those of the transcript', () => {
  test('the beginning is shifted by the offset of the agent beside it', () => {
    const ledger = answered('on');
    ledger.nowMs += 5_000;
    ledger.take(begun('r1', START_MS + 1_000));
    expect(ledger.call?.recordings?.[0]).toMatchObject({ hostId: 'host-1', startedAtMs: START_MS + 1_250 });
  });
});

describe('REC-5 a recording is stored or its failure is visible', () => {
  test('none was begun: said half a minute after the answer, and taken back by late news of one', () => {
    const ledger = answered('on');
    passTime(ledger, START_MS + RECORDING_BEGIN_MS);
    expect(ledger.call?.recordings).toMatchObject([{ recordingId: NONE_BEGUN, phase: 'failed' }]);
    ledger.take(begun('r1'));
    expect(ledger.call?.recordings).toMatchObject([{ recordingId: 'r1', phase: 'recording' }]);
  });

  test('a call shorter than that has its deadline after its end', () => {
    const ledger = answered('on');
    ledger.nowMs += 3_000;
    ledger.take(hangUp);
    passTime(ledger, START_MS + RECORDING_BEGIN_MS);
    expect(ledger.call?.recordings).toMatchObject([{ phase: 'failed', reason: 'no recorder began' }]);
    expect(ledger.owed.slice(-3).map((each) => each.effect.type)).toEqual(['project', 'archive', 'announce']);
  });

  test('consent was never said: the reason says so, unless it was a machine', () => {
    const ledger = answered('afterConsent');
    ledger.nowMs += 60_000;
    ledger.take(hangUp);
    passTime(ledger, ledger.nowMs + RECORDING_BEGIN_MS);
    expect(ledger.call?.recordings?.[0]?.reason).toContain('consent line');

    const machine = answered('afterConsent');
    const verdict = { verdict: 'machine', confidence: 1, method: 'words', afterMs: 900 } as const;
    machine.take({ type: 'observe', session: 's1', observation: { type: 'answeredBy', ...verdict } });
    machine.take(hangUp);
    expect(deadlinesOf(machine.call!, liveness)).toEqual([]);
  });

  test('the consent line is written once, and from then on one is wanted', () => {
    const ledger = answered('afterConsent');
    expect(deadlinesOf(ledger.call!, liveness).map((each) => each.name)).not.toContain('recordingBegin');
    ledger.nowMs += 2_000;
    ledger.take(consentLineSaid);
    ledger.nowMs += 2_000;
    ledger.take(consentLineSaid);
    expect(ledger.call?.consentLineSaidAtMs).toBe(START_MS + 2_000);
    expect(deadlinesOf(ledger.call!, liveness)[0]?.name).toBe('recordingBegin');
  });

  test('not stored a day after the end it has failed; stored late it is stored', () => {
    const ledger = answered('on');
    ledger.take(begun('r1'));
    ledger.take(hangUp);
    ledger.take(ended('r1'));
    expect(phases(ledger)).toEqual(['pending']);
    passTime(ledger, START_MS + RECORDING_STORE_MS);
    expect(phases(ledger)).toEqual(['failed']);
    ledger.take(stored('r1'));
    expect(ledger.call?.recordings).toMatchObject([{ phase: 'stored', reason: null, bytes: 40_000 }]);
    expect(deadlinesOf(ledger.call!, liveness)).toEqual([]);
  });

  const news = fc.oneof(
    fc
      .constantFrom('r1', 'r2')
      .chain((id) =>
        fc.constantFrom<CallInput>(
          begun(id),
          ended(id),
          failed(id),
          stored(id),
          tell({ type: 'recordingPaused', recordingId: id }),
          tell({ type: 'recordingResumed', recordingId: id }),
        ),
      ),
    fc.constantFrom<CallInput>(consentLineSaid, hangUp),
  );
  const steps = fc.array(fc.record({ input: news, afterMs: fc.nat(40_000_000), times: fc.nat(2) }), {
    maxLength: 25,
  });

  test('whatever is lost, repeated or late: settled in the end, stored for ever, and the same when folded again', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom<RecordingPolicy>('on', 'afterConsent'), (all, policy) => {
        const ledger = answered(policy);
        const storedOnce = new Set<string>();
        for (const { input, afterMs, times } of all) {
          passTime(ledger, ledger.nowMs + afterMs);
          for (let i = 0; i <= times; i++) {
            const before = ledger.call!.head;
            expect(['ok', 'call_ended']).toContain(ledger.take(input));
            // The same news again is no news.
            if (i > 0) expect(ledger.call!.head).toBe(before);
          }
          for (const each of ledger.call!.recordings ?? []) {
            if (each.phase === 'stored') storedOnce.add(each.recordingId);
            else expect(storedOnce.has(each.recordingId)).toBe(false);
          }
        }
        ledger.take(hangUp);
        passTime(ledger, ledger.nowMs + RECORDING_STORE_MS + RECORDING_BEGIN_MS);
        expect(phases(ledger).length).toBeGreaterThan(0);
        for (const phase of phases(ledger)) expect(['stored', 'failed']).toContain(phase);
        expect(foldCall(ledger.events)).toEqual(ledger.call);
      }),
    );
  });
});

describe('REC-4 a pause holds', () => {
  test('also for the recorder that comes after', () => {
    const ledger = answered('on');
    ledger.take(begun('r1'));
    ledger.take(tell({ type: 'recordingPaused', recordingId: 'r1' }));
    expect(phases(ledger)).toEqual(['paused']);
    ledger.take(ended('r1'));
    ledger.take(begun('r2'));
    expect(ledger.call?.recordingPaused).toBe(true);
    ledger.take(tell({ type: 'recordingPaused', recordingId: 'r2' }));
    ledger.take(tell({ type: 'recordingResumed', recordingId: 'r2' }));
    expect(ledger.call?.recordingPaused).toBe(false);
  });
});

describe('PRIVACY-13 the sound goes with the words', () => {
  const erase: CallInput = { type: 'erase', by: 'user:1', words: true, contact: false };

  test('erased, none is left, none is taken, and its removal is owed', () => {
    const ledger = answered('on');
    ledger.take(begun('r1'));
    ledger.take(hangUp);
    ledger.take(erase);
    expect(ledger.call?.recordings).toEqual([]);
    expect(ledger.take(stored('r1'))).toBe('recording_gone');
    const head = ledger.call!.head;
    expect([ledger.take(begun('r1')), ledger.take(ended('r1')), ledger.take(failed('r1'))]).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    expect(ledger.call!.head).toBe(head);
    expect(deadlinesOf(ledger.call!, liveness)).toEqual([]);
    // An upload may be on its way: it is looked for once more.
    const owed = ledger.owed.find((each) => each.effect.type === 'forgetRecordings')?.effect;
    expect(owed).toMatchObject({ againAtMs: ledger.nowMs + 600_000 });
  });

  test('all stored: removed once; never recorded: nothing is owed', () => {
    const ledger = answered('on');
    ledger.take(begun('r1'));
    ledger.take(hangUp);
    ledger.take(stored('r1'));
    ledger.take(erase);
    expect(ledger.owed.map((each) => each.effect)).toContainEqual({
      type: 'forgetRecordings',
      againAtMs: null,
    });
    const silent = answered();
    silent.take(hangUp);
    silent.take(erase);
    expect(silent.owed.map((each) => each.effect.type)).not.toContain('forgetRecordings');
  });
});
