import * as z from 'zod/mini';
import { modelProviders } from '../domain/profile/models.ts';
import type { Profile } from '../domain/profile/profile.ts';
import { toolNames } from '../domain/profile/profile.ts';
import { RecordingPolicySchema } from './recording.ts';

const Line = z.string().check(z.minLength(1), z.maxLength(500), z.regex(/\S/));
const Language = z.string().check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/));
const Name = z.nullable(z.string().check(z.minLength(1), z.maxLength(120)));

export const ModelChoiceSchema = z.strictObject({
  provider: z.enum(modelProviders),
  model: Name,
  voice: Name,
});
const Choices = z.array(ModelChoiceSchema).check(z.maxLength(4));

export const HttpToolNameSchema = z.string().check(z.regex(/^[a-z][a-z0-9_]{1,40}$/));

/** What a profile says, beside its name in URLs; meanings and units: `domain/profile/profile.ts`. */
export const ProfileContentSchema = z.strictObject({
  title: z.string().check(z.minLength(1), z.maxLength(80), z.regex(/\S/)),
  language: Language,
  otherLanguages: z.array(Language).check(z.maxLength(10)),
  greeting: Line,
  disclosureLine: z.nullable(Line),
  instructions: z.string().check(z.minLength(1), z.maxLength(20_000), z.regex(/\S/)),
  busyLine: Line,
  takeOverLine: Line,
  handBackLine: Line,
  operatorLostLine: Line,
  goodbyeLine: Line,
  outageLine: Line,
  voicemailLine: z.nullable(Line),
  hearing: Choices,
  thinking: Choices,
  speaking: Choices,
  realtime: z.nullable(ModelChoiceSchema),
  speakingRate: z.number().check(z.minimum(0.5), z.maximum(2)),
  tools: z.array(z.enum(toolNames)).check(z.maxLength(toolNames.length)),
  httpTools: z.array(HttpToolNameSchema).check(z.maxLength(20)),
  questions: z
    .array(
      z.strictObject({
        key: z.string().check(z.regex(/^[a-z][a-z0-9_]{0,40}$/)),
        question: z.string().check(z.minLength(1), z.maxLength(300)),
      }),
    )
    .check(z.maxLength(20)),
  transferTo: z.nullable(z.string().check(z.minLength(1), z.maxLength(80))),
  maximumDurationS: z.int().check(z.minimum(30), z.maximum(1_800)),
  maximumSpendMicros: z.nullable(z.int().check(z.minimum(1_000), z.maximum(1_000_000_000))),
  silence: z.strictObject({
    askAfterS: z.int().check(z.minimum(3), z.maximum(120)),
    asks: z.int().check(z.minimum(0), z.maximum(5)),
    line: Line,
  }),
  recording: RecordingPolicySchema,
  consentLine: z.nullable(Line),
});
export type ProfileContent = z.infer<typeof ProfileContentSchema>;

export const ProfileSchema: z.ZodMiniType<Profile> = z.object({
  slug: z.string().check(z.minLength(1), z.maxLength(63)),
  ...ProfileContentSchema.shape,
});

/** A tool an admin defined, as an agent knows it: not where it goes, and no secrets. */
export const HttpToolBriefingSchema = z.object({
  name: HttpToolNameSchema,
  description: z.string(),
  /** JSON Schema of an object. */
  parameters: z.record(z.string(), z.unknown()),
});
