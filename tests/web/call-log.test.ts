import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import type { Interim } from '../../protocol/interim.ts';
import type { MonitorDown } from '../../protocol/monitor.ts';
import {
  emptyLog,
  headOf,
  takeEvents,
  takeMessage,
  underEpoch,
  type CallLog,
} from '../../web/src/lib/call/call-log.ts';
import { agentJoined, anyLedger, ledger, requested, T0, words } from './ledgers.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

const hello = (epoch: string, interims: Interim[] = []): MonitorDown & { type: 'hello' } => ({
  type: 'hello',
  protocol: PROTOCOL_VERSION,
  callId: 'call-1',
  epoch,
  head: 0,
  serverNowMs: T0 + 5_000,
  activity: null,
  quality: null,
  interims,
});
const interim = (
  utteranceId: string,
  text: string,
  startedAtMs = T0,
  speaker: Interim['speaker'] = 'customer',
): Interim => ({
  utteranceId,
  speaker,
  text,
  startedAtMs,
});
type Message = Parameters<typeof takeMessage>[1];
const after = (...messages: Message[]): CallLog =>
  messages.reduce((log, message) => takeMessage(log, message, T0).log, emptyLog);
const events = (list: readonly CallEvent[]): Message => ({ type: 'events', events: [...list] });

test('however a ledger is cut, repeated and resumed, it folds to the same call', () => {
  fc.assert(
    fc.property(anyLedger, fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 20 }), (all, cuts) => {
      let log = takeMessage(emptyLog, hello('epoch-a'), T0).log;
      for (const [back, length] of cuts) {
        // A reconnected socket sends from what was held, and a slow one may repeat what came before.
        const from = Math.max(0, headOf(log) - back);
        const taken = takeEvents(log, all.slice(from, from + length));
        expect(taken.verdict).toBe('taken');
        log = taken.log;
      }
      log = takeEvents(log, all.slice(headOf(log))).log;
      expect(log.call).toEqual(foldCall(all));
      expect(log.events).toEqual(all);
    }),
  );
});

test('a gap is told and nothing behind it is taken', () => {
  fc.assert(
    fc.property(anyLedger, fc.nat(50), fc.integer({ min: 1, max: 50 }), (all, heldUpTo, skipped) => {
      const held = takeEvents(emptyLog, all.slice(0, heldUpTo)).log;
      const rest = all.slice(headOf(held) + skipped);
      const { log, verdict } = takeEvents(held, rest);
      expect(verdict).toBe(rest.length === 0 ? 'taken' : 'gap');
      expect(headOf(log)).toBe(headOf(held));
    }),
  );
});

test('an impossible ledger is a gap, not a crash', () => {
  const impossible = ledger([requested, requested]);
  expect(takeEvents(emptyLog, impossible).verdict).toBe('gap');
});

test('a reset starts anew and keeps the epoch that the hello named', () => {
  const log = after(hello('epoch-a'), events(ledger([requested])), hello('epoch-b'), {
    type: 'reset',
    reason: 'otherEpoch',
  });
  expect(log).toMatchObject({ epoch: 'epoch-b', call: null, events: [] });
});

test('a hello of another epoch drops what was held even without a reset', () => {
  expect(after(hello('epoch-a'), events(ledger([requested])), hello('epoch-b')).call).toBeNull();
  const polled = underEpoch(after(hello('epoch-a'), events(ledger([requested]))), 'epoch-b');
  expect(polled.events).toEqual([]);
});

test("the hello tells the server's clock", () => {
  expect(after(hello('epoch-a')).clockOffsetMs).toBe(5_000);
});

describe('words being spoken', () => {
  const begun = [hello('epoch-a'), events(ledger([requested, agentJoined(1)]))] as const;

  test('are replaced in place by their newest text', () => {
    const log = after(
      ...begun,
      { type: 'interim', interim: interim('u1', 'I saw') },
      { type: 'interim', interim: interim('u1', 'I saw the blue') },
    );
    expect(log.interims.map((held) => held.text)).toEqual(['I saw the blue']);
  });

  test('give way to the final with the same id', () => {
    const final = ledger([requested, agentJoined(1), words('u1', 'customer', T0)]).slice(2);
    const log = after(...begun, { type: 'interim', interim: interim('u1', 'I saw') }, events(final));
    expect(log.interims).toEqual([]);
    expect(log.call?.transcript).toHaveLength(1);
  });

  test('that come after their final are old news', () => {
    const final = ledger([requested, agentJoined(1), words('u1', 'customer', T0)]).slice(2);
    const log = after(...begun, events(final), { type: 'interim', interim: interim('u1', 'I saw') });
    expect(log.interims).toEqual([]);
  });

  test('of both sides stand side by side, in the order they began', () => {
    const log = after(
      ...begun,
      { type: 'interim', interim: interim('u2', 'Wait', T0 + 500) },
      { type: 'interim', interim: interim('u1', 'The price is', T0, 'agent') },
    );
    expect(log.interims.map((held) => held.utteranceId)).toEqual(['u1', 'u2']);
  });

  test('that came to nothing go when the same speaker finishes something later', () => {
    const final = ledger([requested, agentJoined(1), words('u9', 'customer', T0 + 3_000)]).slice(2);
    const log = after(...begun, { type: 'interim', interim: interim('cough', 'uh') }, events(final));
    expect(log.interims).toEqual([]);
  });

  test('end with the call', () => {
    const end: CallEvent[] = ledger([
      requested,
      agentJoined(1),
      { type: 'callEnded', outcome: 'completed', endedBy: 'agent', reason: '' },
    ]).slice(2);
    const log = after(...begun, { type: 'interim', interim: interim('u1', 'I') }, events(end), {
      type: 'interim',
      interim: interim('u2', 'late'),
    });
    expect(log.interims).toEqual([]);
  });

  test('whatever comes, no utterance is shown both as final and as being spoken', () => {
    const ids = fc.constantFrom('u1', 'u2', 'u3', 'u4');
    const step = fc.oneof(
      ids.map((id) => ({ interim: id })),
      ids.map((id) => ({ final: id })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let log = after(...begun);
        for (const [index, next] of steps.entries()) {
          if ('interim' in next) {
            log = takeMessage(
              log,
              { type: 'interim', interim: interim(next.interim, 'so far', T0 + index) },
              T0,
            ).log;
          } else {
            const fact = words(next.final, 'customer', T0 + index);
            log = takeEvents(log, [{ ...fact, seq: headOf(log) + 1, atMs: T0 + index }]).log;
          }
          const finals = new Set(log.call?.transcript.map((said) => said.utteranceId));
          for (const held of log.interims) expect(finals.has(held.utteranceId)).toBe(false);
          expect(new Set(log.interims.map((held) => held.utteranceId)).size).toBe(log.interims.length);
        }
      }),
    );
  });
});
