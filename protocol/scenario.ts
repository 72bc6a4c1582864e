import * as z from 'zod/mini';
import { LINE_LENGTH, SCENARIO_LINES } from '../domain/scene/from-call.ts';
import type { Expectation, Scenario, ScenarioVerdict } from '../domain/scene/scenario.ts';
import { OutcomeSchema } from './primitives.ts';

const Words = (length: number) => z.string().check(z.minLength(1), z.maxLength(length), z.regex(/\S/));
const Tool = z.string().check(z.regex(/^[a-z][a-z0-9_]{1,40}$/));

export const ExpectationSchema: z.ZodMiniType<Expectation> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agentSays'), text: Words(200) }),
  z.strictObject({ kind: z.literal('agentNeverSays'), text: Words(200) }),
  z.strictObject({ kind: z.literal('usesTool'), tool: Tool }),
  z.strictObject({ kind: z.literal('neverUsesTool'), tool: Tool }),
  z.strictObject({
    kind: z.literal('notesAnswer'),
    question: z.string().check(z.regex(/^[a-z][a-z0-9_]{0,40}$/)),
    text: Words(200),
  }),
  z.strictObject({ kind: z.literal('endsAs'), outcome: OutcomeSchema }),
  z.strictObject({ kind: z.literal('asksForPerson') }),
  z.strictObject({ kind: z.literal('promisesCallBack') }),
  z.strictObject({ kind: z.literal('marksDoNotCall') }),
]);

export const ScenarioSchema: z.ZodMiniType<Scenario> = z.strictObject({
  name: Words(120),
  customerName: z.nullable(Words(120)),
  lines: z.array(Words(LINE_LENGTH)).check(z.minLength(1), z.maxLength(SCENARIO_LINES)),
  expectations: z.array(ExpectationSchema).check(z.maxLength(30)),
});

export const ScenarioVerdictSchema: z.ZodMiniType<ScenarioVerdict> = z.object({
  passed: z.boolean(),
  checks: z.array(z.object({ expectation: ExpectationSchema, met: z.boolean(), because: z.string() })),
  problem: z.nullable(z.string()),
});

/** What a call is to be held for instead of a customer: its lines. */
export const RehearsalSchema = z.object({ lines: z.array(z.string()) });

/** Where a host finds a rehearsal: in the answer to its heartbeat. `doorToken` opens that call's agent door and no other. */
export const RehearsalOfferSchema = z.object({ callId: z.string(), offer: z.int(), doorToken: z.string() });
export type RehearsalOffer = z.infer<typeof RehearsalOfferSchema>;
