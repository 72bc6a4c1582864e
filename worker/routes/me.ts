import { Hono } from 'hono';
import { endSession, endSessionsStatement, liveSessions } from '../../database/sessions.ts';
import { passwordHashOf, renameStatement, setPasswordStatement } from '../../database/users.ts';
import * as account from '../../protocol/api/my-account.ts';
import { getMe } from '../../protocol/api/session.ts';
import * as contracts from '../../protocol/api/sessions.ts';
import { signedIn } from '../access/signed-in.ts';
import { SESSION_LONGEST_MS } from '../accounts/accounts.ts';
import { tooManyAttempts } from '../accounts/attempts.ts';
import { dismissSockets } from '../accounts/dismiss.ts';
import { deviceOf } from '../accounts/device.ts';
import { passwordProblem } from '../accounts/password-rules.ts';
import { hashPassword, verifyPassword } from '../accounts/password.ts';
import { endPresentedSession, passCookiesOn } from '../accounts/sessions.ts';
import type { AppEnv } from '../app-env.ts';
import { audit, auditOf } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

/** What a signed-in person sees and changes of their own account; passkeys: worker/routes/passkeys.ts. */
export const meRoutes = new Hono<AppEnv>();

serve(meRoutes, getMe, (c) => {
  const { userId, name, email, role } = signedIn(c);
  return { user: { id: userId, name, email, role }, simulated: c.get('settings').simulated };
});

serve(meRoutes, account.changeMe, async (c, { body: { name } }) => {
  const { userId, email, role } = signedIn(c);
  await c.env.DB.batch([
    renameStatement(c.env.DB, userId, name, Date.now()),
    auditOf(c, 'user.profileChanged', { subject: `user:${userId}`, detail: 'name' }),
  ]);
  return { user: { id: userId, name, email, role }, simulated: c.get('settings').simulated };
});

serve(meRoutes, account.changePassword, async (c, { body }) => {
  const { userId, email, sessionId } = signedIn(c);
  // Who found an unlocked screen must not guess the password at leisure.
  const tooMany = await tooManyAttempts(c, email);
  if (tooMany !== null) return tooMany;
  const current = await passwordHashOf(c.env.DB, userId);
  if (current === null || !(await verifyPassword({ hash: current, password: body.currentPassword }))) {
    return refuse(c, 'invalid_credentials', 'The current password is another.', {
      errors: [{ field: 'currentPassword', problem: 'not the current one' }],
    });
  }
  const problem = passwordProblem(body.newPassword, email, 'newPassword');
  if (problem !== null) return refuse(c, 'malformed', 'Choose another password.', { errors: [problem] });
  const nowMs = Date.now();
  await c.env.DB.batch([
    setPasswordStatement(c.env.DB, userId, await hashPassword(body.newPassword), nowMs),
    endSessionsStatement(c.env.DB, userId, sessionId),
    auditOf(c, 'user.passwordChanged', { subject: `user:${userId}` }),
  ]);
  dismissSockets(c, userId);
  return undefined;
});

serve(meRoutes, contracts.listSessions, async (c) => {
  const { userId, sessionId } = signedIn(c);
  const nowMs = Date.now();
  const rows = await liveSessions(c.env.DB, userId, { openedAfterMs: nowMs - SESSION_LONGEST_MS, nowMs });
  const sessions = rows.map(({ userAgent, ...row }) => ({
    ...row,
    device: deviceOf(userAgent),
    current: row.id === sessionId,
  }));
  return { sessions };
});

serve(meRoutes, contracts.revokeSession, async (c, { params }) => {
  const { userId, sessionId } = signedIn(c);
  if (!(await endSession(c.env.DB, userId, params.sessionId))) {
    return refuse(c, 'not_found', 'You have no such session.');
  }
  if (params.sessionId === sessionId) passCookiesOn(c, await endPresentedSession(c));
  await audit(c, 'session.revoked', { subject: `user:${userId}`, detail: 'one' });
  dismissSockets(c, userId);
  return undefined;
});

serve(meRoutes, contracts.revokeOtherSessions, async (c) => {
  const { userId, sessionId } = signedIn(c);
  const { meta } = await endSessionsStatement(c.env.DB, userId, sessionId).run();
  await audit(c, 'session.revoked', { subject: `user:${userId}`, detail: `${meta.changes} others` });
  dismissSockets(c, userId);
  return { revoked: meta.changes };
});
