import { Hono } from 'hono';
import type { Context } from 'hono';
import { uuidv7 } from 'uuidv7';
import { brokenRule } from '../../database/constraint.ts';
import {
  INVITATION_GOOD_MS,
  acceptInvitationStatements,
  createInvitationStatements,
  invitationsPage,
  openInvitation,
  revokeInvitation,
} from '../../database/invitations.ts';
import { sameEmailForm, userByEmail } from '../../database/users.ts';
import { rowsOf } from '../../protocol/api/common.ts';
import * as contracts from '../../protocol/api/invitations.ts';
import { signedIn } from '../access/signed-in.ts';
import { tooManyAttempts } from '../accounts/attempts.ts';
import { digest } from '../accounts/digest.ts';
import { makeLink } from '../accounts/one-time-link.ts';
import { passwordProblem } from '../accounts/password-rules.ts';
import { hashPassword } from '../accounts/password.ts';
import type { AppEnv } from '../app-env.ts';
import { audit, auditOf } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

export const invitationRoutes = new Hono<AppEnv>();

serve(invitationRoutes, contracts.createInvitation, async (c, { body: { email, role } }) => {
  if ((await userByEmail(c.env.DB, email)) !== null) {
    return refuse(c, 'conflict', 'This person has an account already.', {
      detail: 'Change their role, or make them a reset link.',
    });
  }
  const nowMs = Date.now();
  const id = c.get('newId') ?? uuidv7();
  const { userId, name } = signedIn(c);
  const { link, tokenHash } = await makeLink(c.get('settings'), '/join');
  await c.env.DB.batch([
    ...createInvitationStatements(c.env.DB, { id, tokenHash, email, role, invitedBy: userId, nowMs }),
    auditOf(c, 'user.invited', { subject: `invitation:${id}`, detail: role }),
  ]);
  const expiresAtMs = nowMs + INVITATION_GOOD_MS;
  const invitation = {
    ...{ id, email: sameEmailForm(email), role, invitedBy: name },
    ...{ state: 'open' as const, createdAtMs: nowMs, expiresAtMs },
  };
  return { invitation, link, expiresAtMs };
});

serve(invitationRoutes, contracts.listInvitations, (c, { query }) =>
  invitationsPage(c.env.DB, query.cursor ?? null, rowsOf(query.limit), Date.now()),
);

serve(invitationRoutes, contracts.revokeInvitation, async (c, { params: { invitationId } }) => {
  if (!(await revokeInvitation(c.env.DB, invitationId, Date.now()))) {
    return refuse(c, 'not_found', 'There is no such open invitation.');
  }
  await audit(c, 'invitation.revoked', { subject: `invitation:${invitationId}` });
  return undefined;
});

const noSuchInvitation = (c: Context<AppEnv>): Response =>
  refuse(c, 'invitation_invalid', 'This invitation opens nothing any more.', {
    detail: 'It was used, taken back, replaced or has expired. Ask an admin for a new one.',
  });

serve(invitationRoutes, contracts.openInvitation, async (c, { body }) => {
  const tooMany = await tooManyAttempts(c);
  if (tooMany !== null) return tooMany;
  return (await openInvitation(c.env.DB, await digest(body.token), Date.now())) ?? noSuchInvitation(c);
});

serve(invitationRoutes, contracts.acceptInvitation, async (c, { body }) => {
  const tooMany = await tooManyAttempts(c);
  if (tooMany !== null) return tooMany;
  const tokenHash = await digest(body.token);
  const nowMs = Date.now();
  const invitation = await openInvitation(c.env.DB, tokenHash, nowMs);
  if (invitation === null) return noSuchInvitation(c);
  const problem = passwordProblem(body.password, invitation.email, 'password');
  if (problem !== null) return refuse(c, 'malformed', 'Choose another password.', { errors: [problem] });
  const user = { id: uuidv7(), name: body.name, passwordHash: await hashPassword(body.password) };
  try {
    await c.env.DB.batch([
      ...acceptInvitationStatements(c.env.DB, tokenHash, user, nowMs),
      auditOf(c, 'user.joined', { actor: user, subject: `user:${user.id}`, detail: invitation.role }),
    ]);
  } catch (error) {
    const rule = brokenRule(error);
    if (rule !== 'parentMissing' && rule !== 'emailTaken') throw error;
    return noSuchInvitation(c);
  }
  return undefined;
});
