import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { CursorSchema, EmailSchema, LimitSchema, NameSchema, RoleSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';
import { LinkTokenSchema, NewPasswordSchema } from './passwords.ts';
import { OneTimeLinkSchema } from './users.ts';

const tag = 'Invitations';

export const InvitationSchema = z.object({
  id: Uuid,
  email: z.string(),
  role: RoleSchema,
  /** The name of who invited, as it is now. */
  invitedBy: z.string(),
  state: z.enum(['open', 'accepted', 'revoked', 'expired']),
  createdAtMs: AtMs,
  expiresAtMs: AtMs,
});

export const createInvitation = contract({
  method: 'POST',
  path: '/api/invitations',
  summary:
    'Invite someone by a link, good once and for 7 days; it replaces an earlier one to the same address. No e-mail is sent: pass the link on',
  tag,
  body: z.strictObject({ email: EmailSchema, role: RoleSchema }),
  status: 201,
  reply: z.object({ invitation: InvitationSchema, ...OneTimeLinkSchema.shape }),
  idempotency: 'once',
  leadsTo: { 'DELETE /api/invitations/:invitationId': { param: 'invitationId', field: '/invitation/id' } },
});

export const listInvitations = contract({
  method: 'GET',
  path: '/api/invitations',
  summary: 'Invitations, newest first',
  tag,
  query: z.strictObject({ cursor: z.optional(CursorSchema), limit: z.optional(LimitSchema) }),
  status: 200,
  reply: z.object({ invitations: z.array(InvitationSchema), nextCursor: z.nullable(z.string()) }),
});

export const revokeInvitation = contract({
  method: 'DELETE',
  path: '/api/invitations/:invitationId',
  summary: 'Take an open invitation back: its link opens nothing any more',
  tag,
  params: z.strictObject({ invitationId: Uuid }),
  status: 204,
});

export const openInvitation = contract({
  method: 'POST',
  path: '/api/invitation-links/open',
  summary: 'Whom an invitation link is for. It changes nothing',
  tag,
  body: z.strictObject({ token: LinkTokenSchema }),
  status: 200,
  reply: z.object({ email: z.string(), role: RoleSchema, expiresAtMs: AtMs }),
});

export const acceptInvitation = contract({
  method: 'POST',
  path: '/api/invitation-links/accept',
  summary: 'Make the account that an invitation link is for. Then sign in',
  tag,
  body: z.strictObject({ token: LinkTokenSchema, name: NameSchema, password: NewPasswordSchema }),
  status: 204,
});
