/** Failure switches, so that a test can take one of the three services away in the middle of a call. */
import { z } from 'zod';

/** `fail` answers with an error at once; `hang` takes the request and never answers. */
const faultSchema = z.enum(['ok', 'fail', 'hang']);

/** What may be posted to `/lab/faults`; a service that is left out stays as it is. */
export const faultChangeSchema = z.strictObject({
  stt: faultSchema.optional(),
  llm: faultSchema.optional(),
  tts: faultSchema.optional(),
});

export type Fault = z.infer<typeof faultSchema>;
export type Service = 'stt' | 'llm' | 'tts';
export type Faults = Record<Service, Fault>;

export function noFaults(): Faults {
  return { stt: 'ok', llm: 'ok', tts: 'ok' };
}
