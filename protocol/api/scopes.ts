import * as z from 'zod/mini';

/** What an API key can be allowed, each a word of the access table. People are allowed by role, never by scope. */
export const scopes = [
  'calls:read',
  'calls:write',
  'recordings:read',
  'rooms:read',
  'rooms:write',
  'telephony:read',
  'telephony:write',
  'campaigns:read',
  'campaigns:write',
  'profiles:read',
  'profiles:write',
  'users:read',
  'webhooks:read',
  'webhooks:write',
  'leads:read',
  'leads:write',
  'suppressions:read',
  'suppressions:write',
  'vehicles:read',
  'vehicles:write',
  'audit:read',
  /** Opens no route: what the others show is shown unmasked. */
  'personalData:read',
] as const;
export const ScopeSchema = z.enum(scopes);
export type Scope = (typeof scopes)[number];
