import { Hono } from 'hono';
import type { Context } from 'hono';
import { openReset, resetStatements, useReset } from '../../database/password-resets.ts';
import * as contracts from '../../protocol/api/password-resets.ts';
import { tooManyAttempts } from '../accounts/attempts.ts';
import { digest } from '../accounts/digest.ts';
import { dismissSockets } from '../accounts/dismiss.ts';
import { passwordProblem } from '../accounts/password-rules.ts';
import { hashPassword } from '../accounts/password.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

const noSuchLink = (c: Context<AppEnv>): Response =>
  refuse(c, 'invitation_invalid', 'This link opens nothing any more.', {
    detail: 'It was used, replaced or has expired. Ask an admin for a new one.',
  });

/** What a reset link does. Making one: worker/routes/users.ts. */
export const passwordResetRoutes = new Hono<AppEnv>();

serve(passwordResetRoutes, contracts.openPasswordReset, async (c, { body }) => {
  const tooMany = await tooManyAttempts(c);
  if (tooMany !== null) return tooMany;
  return (await openReset(c.env.DB, await digest(body.token), Date.now())) ?? noSuchLink(c);
});

serve(passwordResetRoutes, contracts.completePasswordReset, async (c, { body }) => {
  const tooMany = await tooManyAttempts(c);
  if (tooMany !== null) return tooMany;
  const tokenHash = await digest(body.token);
  const nowMs = Date.now();
  const reset = await openReset(c.env.DB, tokenHash, nowMs);
  if (reset === null) return noSuchLink(c);
  const problem = passwordProblem(body.password, reset.email, 'password');
  if (problem !== null) return refuse(c, 'malformed', 'Choose another password.', { errors: [problem] });
  const passwordHash = await hashPassword(body.password);
  // Used up first: after a crash between the two the link is lost, and never usable twice.
  if (!(await useReset(c.env.DB, tokenHash, nowMs))) return noSuchLink(c);
  await c.env.DB.batch([
    ...resetStatements(c.env.DB, reset.userId, passwordHash, nowMs),
    auditOf(c, 'user.passwordReset', {
      actor: { id: reset.userId, name: reset.name },
      subject: `user:${reset.userId}`,
      detail: 'new password set; sessions and passkeys ended',
    }),
  ]);
  dismissSockets(c, reset.userId);
  return undefined;
});
