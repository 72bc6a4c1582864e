import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallState } from '../../domain/call/state.ts';
import { costOf, type Prices } from '../../domain/cost/cost.ts';
import { hello, Ledger, requestCall } from './ledger.ts';

const prices: Prices = {
  sttMinute: 3_000,
  llmInputMillion: 400_000,
  llmOutputMillion: 1_600_000,
  ttsMillionCharacters: 600_000,
  ttsMinute: 15_000,
  mediaMinute: 500,
  phoneMinute: 14_000,
};

function talked(phone: boolean, minutes: number): { call: CallState; endMs: number } {
  const ledger = new Ledger();
  ledger.take({
    ...requestCall,
    ...(phone ? { phone: { direction: 'inbound' as const, number: null, line: null } } : {}),
  });
  ledger.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'a' });
  ledger.take(hello(1, 's1', ledger.nowMs));
  ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'PA_1' } });
  ledger.take({
    type: 'observe',
    session: 's1',
    observation: {
      type: 'usageReported',
      sttAudioMs: 120_000,
      llmInputTokens: 10_000,
      llmOutputTokens: 1_000,
      ttsCharacters: 2_000,
      ttsAudioMs: 60_000,
    },
  });
  ledger.nowMs += minutes * 60_000;
  ledger.take({ type: 'hangUp', by: 'u1' });
  if (ledger.call === null) throw new Error('there is a call');
  return { call: ledger.call, endMs: ledger.nowMs };
}

describe('COST-1 a call costs what was used of each thing by its price', () => {
  test('a call of two and a half minutes by telephone', () => {
    const { call, endMs } = talked(true, 2.5);
    expect(costOf(call, prices, endMs)).toEqual({
      stt: 6_000,
      llm: 4_000 + 1_600,
      tts: 1_200 + 15_000,
      media: 1_250,
      // Three minutes were begun.
      phone: 42_000,
      total: 6_000 + 5_600 + 16_200 + 1_250 + 42_000,
    });
  });

  test('no telephone, no telephone minutes; after its end it costs no more', () => {
    const { call, endMs } = talked(false, 1);
    expect(costOf(call, prices, endMs).phone).toBe(0);
    expect(costOf(call, prices, endMs + 3_600_000)).toEqual(costOf(call, prices, endMs));
  });

  test('the parts are the total, and nothing is below zero', () => {
    const price = fc.integer({ min: 0, max: 1_000_000_000 });
    const anyPrices = fc.record({
      sttMinute: price,
      llmInputMillion: price,
      llmOutputMillion: price,
      ttsMillionCharacters: price,
      ttsMinute: price,
      mediaMinute: price,
      phoneMinute: price,
    });
    const { call, endMs } = talked(true, 7.3);
    fc.assert(
      fc.property(anyPrices, fc.integer({ min: -10_000, max: 10_000_000 }), (some, laterMs) => {
        const { total, ...parts } = costOf(call, some, endMs + laterMs);
        expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(total);
        expect(Math.min(...Object.values(parts))).toBeGreaterThanOrEqual(0);
        expect(Number.isSafeInteger(total)).toBe(true);
      }),
    );
  });
});
