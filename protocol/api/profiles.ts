import * as z from 'zod/mini';
import { profileProblems } from '../../domain/profile/problems.ts';
import { AtMs, Id } from '../primitives.ts';
import { ProfileContentSchema } from '../profile.ts';
import { SlugSchema } from './common.ts';
import { contract } from './contract.ts';
import { TokenReplySchema } from './rooms.ts';

const tag = 'Agents';
const ProfileParams = z.strictObject({ slug: SlugSchema });
/** A draft holds instructions of 20,000 characters, each up to four bytes, and may say all else at length too. */
const MAX_BYTES = 160 * 1024;

/** Who did it, and when; both null for what came with Earshot. */
const SavedSchema = { atMs: z.nullable(AtMs), byName: z.nullable(z.string()) };

export const ProfileRowSchema = z.object({
  slug: Id,
  title: z.string(),
  language: z.string(),
  /** Null: nothing was published, and nobody can call it. */
  publishedVersion: z.nullable(z.int()),
  /** The draft says something else than what is published. */
  draftDiffers: z.boolean(),
  archived: z.boolean(),
  /** Null for those who do not steer, and where nothing was published. */
  lastPublished: z.nullable(z.object(SavedSchema)),
});
export type ProfileRow = z.infer<typeof ProfileRowSchema>;

export const listProfiles = contract({
  method: 'GET',
  path: '/api/profiles',
  summary:
    'The agents there are, by title: those that can be called, or with `all` drafts and archived ones too',
  tag,
  query: z.strictObject({ all: z.optional(z.enum(['true'])) }),
  status: 200,
  reply: z.object({ profiles: z.array(ProfileRowSchema) }),
});

export const ProfileVersionSchema = z.object({
  version: z.int(),
  ...SavedSchema,
  note: z.string(),
});
export type ProfileVersion = z.infer<typeof ProfileVersionSchema>;

/** Everything an editor of an agent works with. */
export const EditedProfileSchema = z.object({
  slug: Id,
  draft: z.object({
    content: ProfileContentSchema,
    /** Counts every change: who saves names the one they edited. */
    revision: z.int(),
    ...SavedSchema,
  }),
  published: z.nullable(z.object({ ...ProfileVersionSchema.shape, content: ProfileContentSchema })),
  draftDiffers: z.boolean(),
  archivedAtMs: z.nullable(AtMs),
  /** What keeps the draft from being published. */
  problems: z.array(z.object({ code: z.enum(profileProblems), field: z.string(), message: z.string() })),
  /** What keeps it from being archived. */
  usedBy: z.object({
    lines: z.array(z.object({ phone: z.string(), label: z.string() })),
    campaigns: z.array(z.object({ campaignId: Id, name: z.string() })),
  }),
});
export type EditedProfile = z.infer<typeof EditedProfileSchema>;
const Revision = z.int().check(z.nonnegative());

export const createProfile = contract({
  method: 'POST',
  path: '/api/profiles',
  summary: 'A new agent, as a draft; nobody can call it before it is published',
  tag,
  body: z.strictObject({ slug: SlugSchema, content: ProfileContentSchema }),
  maxBytes: MAX_BYTES,
  status: 201,
  reply: EditedProfileSchema,
  idempotency: 'replay',
  leadsTo: { 'GET /api/profiles/:slug/draft': { param: 'slug', field: '/slug' } },
});

export const getDraft = contract({
  method: 'GET',
  path: '/api/profiles/:slug/draft',
  summary: 'An agent as it is edited: its draft, and what is published',
  tag,
  params: ProfileParams,
  status: 200,
  reply: EditedProfileSchema,
});

export const saveDraft = contract({
  method: 'PUT',
  path: '/api/profiles/:slug/draft',
  summary: 'Save the draft; refused when somebody saved another since the revision that was edited',
  tag,
  params: ProfileParams,
  body: z.strictObject({ revision: Revision, content: ProfileContentSchema }),
  maxBytes: MAX_BYTES,
  status: 200,
  reply: EditedProfileSchema,
});

export const publishProfile = contract({
  method: 'POST',
  path: '/api/profiles/:slug/publish',
  summary: 'From the next call on it is as this revision of its draft; refused when it could not work',
  tag,
  params: ProfileParams,
  body: z.strictObject({
    revision: Revision,
    /** What has changed, for whoever reads the versions. */
    note: z.string().check(z.maxLength(500)),
  }),
  status: 200,
  reply: EditedProfileSchema,
});

export const testProfile = contract({
  method: 'POST',
  path: '/api/profiles/:slug/test-call',
  summary: 'A web call of your own with this revision of the draft: how to enter',
  tag,
  params: ProfileParams,
  body: z.strictObject({ revision: Revision }),
  status: 200,
  reply: TokenReplySchema,
});

export const listVersions = contract({
  method: 'GET',
  path: '/api/profiles/:slug/versions',
  summary: 'What was published, newest first: the latest 200',
  tag,
  params: ProfileParams,
  status: 200,
  reply: z.object({ versions: z.array(ProfileVersionSchema) }),
});

export const getVersion = contract({
  method: 'GET',
  path: '/api/profiles/:slug/versions/:version',
  summary: 'An agent as it was published once',
  tag,
  params: z.strictObject({ slug: SlugSchema, version: z.string().check(z.regex(/^[1-9][0-9]{0,8}$/)) }),
  status: 200,
  reply: z.object({ ...ProfileVersionSchema.shape, content: ProfileContentSchema }),
});

export const archiveProfile = contract({
  method: 'POST',
  path: '/api/profiles/:slug/archive',
  summary: 'Nobody can call it any more; refused while a number or a campaign uses it',
  tag,
  params: ProfileParams,
  status: 200,
  reply: EditedProfileSchema,
});
export const unarchiveProfile = contract({
  method: 'POST',
  path: '/api/profiles/:slug/unarchive',
  summary: 'It can be called again, as it was published last',
  tag,
  params: ProfileParams,
  status: 200,
  reply: EditedProfileSchema,
});
