import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packed } from '../../agent-host/src/pack.ts';
import { AgentUpSchema } from '../../protocol/agent.ts';
import { decodeMessage } from '../../protocol/codec.ts';

test('LEDGER-1 however much is owed, each message keeps the protocol’s limits, and all of it goes out in order', () => {
  const sizes = fc.array(fc.oneof({ weight: 5, arbitrary: fc.nat(100) }, fc.nat(7_900)), { maxLength: 450 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const owed = lengths.map((length, n) => ({
        id: `id${n}`,
        observation: {
          type: 'wordsSpoken' as const,
          utteranceId: `u${n}`,
          speaker: 'customer' as const,
          text: 'x'.repeat(length),
          startedAtMs: n,
          endedAtMs: n,
          interrupted: false,
        },
      }));
      const arrived = packed(owed).flatMap((text) => {
        const decoded = decodeMessage(AgentUpSchema, text);
        if (!decoded.ok || decoded.message.type !== 'observe') throw new Error('not understood');
        return decoded.message.observations;
      });
      expect(arrived).toEqual(owed);
    }),
    { numRuns: 60 },
  );
});
