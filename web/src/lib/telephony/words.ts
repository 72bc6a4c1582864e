import type * as z from 'zod/mini';
import type { CarrierSchema, LineSchema, NewCarrierSchema } from '../../../../protocol/api/telephony.ts';

export type Carrier = z.infer<typeof CarrierSchema>;
export type Line = z.infer<typeof LineSchema>;
export type NewCarrier = z.infer<typeof NewCarrierSchema>;

export const kindWords: Readonly<Record<Carrier['kind'], string>> = {
  lab: 'Lab telephones (simulated)',
  livekitSip: 'SIP trunk (LiveKit)',
  twilio: 'Twilio',
};

/** Numbers as people type them, one a line or separated by commas. */
export const numbersIn = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** "5 at a time, 1 a second". */
export const limitsOf = ({ concurrency, callsPerSecond }: Carrier): string =>
  `${concurrency} at a time, ${callsPerSecond} a second`;
