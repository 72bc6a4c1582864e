import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { NameSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

/** Larger than any authenticator's answer; extension results are bounded by it too. */
const MAX_BYTES = 16 * 1024;

const Base64Url = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,8192}$/));
const CredentialId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,1400}$/));
const Attachment = z.nullish(z.enum(['platform', 'cross-platform']));
const Extensions = z.record(z.string(), z.unknown());

/** What `PublicKeyCredential.toJSON()` gives. The browser makes it: what it adds beyond this is dropped, not refused. */
export const RegistrationAnswerSchema = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  authenticatorAttachment: Attachment,
  clientExtensionResults: Extensions,
  response: z.object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z.optional(z.array(z.string().check(z.regex(/^[a-z-]{1,32}$/))).check(z.maxLength(8))),
  }),
});

export const AuthenticationAnswerSchema = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  authenticatorAttachment: Attachment,
  clientExtensionResults: Extensions,
  response: z.object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: z.nullish(Base64Url),
  }),
});

const DescriptorSchema = z.object({
  id: z.string(),
  type: z.literal('public-key'),
  transports: z.optional(z.array(z.string())),
});

/** For `PublicKeyCredential.parseCreationOptionsFromJSON`. */
export const CreationOptionsSchema = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ alg: z.int(), type: z.literal('public-key') })),
  timeout: z.int(),
  excludeCredentials: z.array(DescriptorSchema),
  authenticatorSelection: z.object({
    residentKey: z.enum(['required', 'preferred', 'discouraged']),
    requireResidentKey: z.boolean(),
    userVerification: z.enum(['required', 'preferred', 'discouraged']),
  }),
  attestation: z.literal('none'),
});

/** For `PublicKeyCredential.parseRequestOptionsFromJSON`. The browser offers the passkeys it has for this site. */
export const RequestOptionsSchema = z.object({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.int(),
  userVerification: z.literal('required'),
});

export const passkeySignInOptions = contract({
  method: 'POST',
  path: '/api/auth/passkey/sign-in/options',
  summary: 'Begin to sign in with a passkey: the question for the authenticator, good for five minutes',
  tag: 'Signing in',
  status: 200,
  reply: RequestOptionsSchema,
});

export const verifyPasskeySignIn = contract({
  method: 'POST',
  path: '/api/auth/passkey/sign-in/verify',
  summary: "Sign in with the authenticator's answer: the answer sets the session cookie",
  tag: 'Signing in',
  body: z.strictObject({ answer: AuthenticationAnswerSchema }),
  maxBytes: MAX_BYTES,
  status: 204,
});

const tag = 'Me';

export const PasskeySchema = z.object({
  id: Uuid,
  name: z.string(),
  createdAtMs: AtMs,
  /** It is kept in an account of the person's and not on one device alone. */
  synced: z.boolean(),
});

export const listPasskeys = contract({
  method: 'GET',
  path: '/api/me/passkeys',
  summary: 'My passkeys, newest first',
  tag,
  status: 200,
  reply: z.object({ passkeys: z.array(PasskeySchema) }),
});

export const passkeyOptions = contract({
  method: 'POST',
  path: '/api/me/passkey-options',
  summary: 'Begin to add a passkey; asks for a session opened within the last day',
  tag,
  status: 200,
  reply: CreationOptionsSchema,
});

export const addPasskey = contract({
  method: 'POST',
  path: '/api/me/passkeys',
  summary: 'Add the passkey that the authenticator made',
  tag,
  body: z.strictObject({ name: NameSchema, answer: RegistrationAnswerSchema }),
  maxBytes: MAX_BYTES,
  status: 201,
  reply: PasskeySchema,
});

export const removePasskey = contract({
  method: 'DELETE',
  path: '/api/me/passkeys/:passkeyId',
  summary: 'Remove one of my passkeys',
  tag,
  params: z.strictObject({ passkeyId: Uuid }),
  status: 204,
});
