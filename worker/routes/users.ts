import { Hono } from 'hono';
import type { Context } from 'hono';
import { brokenRule } from '../../database/constraint.ts';
import { RESET_GOOD_MS, createResetStatements } from '../../database/password-resets.ts';
import {
  changeRoleStatements,
  parseUserCursor,
  setDisabledStatements,
  userById,
  usersPage,
} from '../../database/users.ts';
import { rowsOf } from '../../protocol/api/common.ts';
import * as contracts from '../../protocol/api/users.ts';
import { signedIn } from '../access/signed-in.ts';
import { dismissSockets } from '../accounts/dismiss.ts';
import { makeLink } from '../accounts/one-time-link.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

export const userRoutes = new Hono<AppEnv>();

serve(userRoutes, contracts.listUsers, async (c, { query }) => {
  const cursor = query.cursor === undefined ? null : parseUserCursor(query.cursor);
  if (query.cursor !== undefined && cursor === null) return unknownCursor(c);
  return usersPage(c.env.DB, cursor, rowsOf(query.limit));
});

serve(userRoutes, contracts.changeRole, async (c, { params: { userId }, body: { role } }) => {
  const user = await userById(c.env.DB, userId);
  if (user === null) return noSuchUser(c);
  if (user.role === role) return user;
  const detail = `${user.role} → ${role}`;
  return changed(c, userId, [
    ...changeRoleStatements(c.env.DB, userId, role, Date.now()),
    auditOf(c, 'user.roleChanged', { subject: `user:${userId}`, detail }),
  ]);
});

serve(userRoutes, contracts.disableUser, async (c, { params: { userId } }) => {
  const user = await userById(c.env.DB, userId);
  if (user === null) return noSuchUser(c);
  if (user.disabledAtMs !== null) return user;
  const nowMs = Date.now();
  return changed(c, userId, [
    ...setDisabledStatements(c.env.DB, userId, nowMs, nowMs),
    auditOf(c, 'user.disabled', { subject: `user:${userId}` }),
  ]);
});

serve(userRoutes, contracts.enableUser, async (c, { params: { userId } }) => {
  const user = await userById(c.env.DB, userId);
  if (user === null) return noSuchUser(c);
  if (user.disabledAtMs === null) return user;
  return changed(c, userId, [
    ...setDisabledStatements(c.env.DB, userId, null, Date.now()),
    auditOf(c, 'user.enabled', { subject: `user:${userId}` }),
  ]);
});

serve(userRoutes, contracts.resetPassword, async (c, { params: { userId } }) => {
  if ((await userById(c.env.DB, userId)) === null) return noSuchUser(c);
  const nowMs = Date.now();
  const { link, tokenHash } = await makeLink(c.get('settings'), '/reset-password');
  await c.env.DB.batch([
    ...createResetStatements(c.env.DB, { tokenHash, userId, createdBy: signedIn(c).userId, nowMs }),
    auditOf(c, 'user.passwordReset', { subject: `user:${userId}`, detail: 'link made; sessions ended' }),
  ]);
  dismissSockets(c, userId);
  return { link, expiresAtMs: nowMs + RESET_GOOD_MS };
});

const noSuchUser = (c: Context<AppEnv>): Response => refuse(c, 'not_found', 'There is no such person.');

/** Runs the change as one, or refuses it as the table does. @returns the person as they are then. */
async function changed(c: Context<AppEnv>, userId: string, statements: D1PreparedStatement[]) {
  try {
    await c.env.DB.batch(statements);
  } catch (error) {
    if (brokenRule(error) !== 'lastAdmin') throw error;
    return refuse(c, 'conflict', 'This is the last active admin.', {
      detail: 'Make somebody else an admin first.',
    });
  }
  dismissSockets(c, userId);
  return (await userById(c.env.DB, userId)) ?? noSuchUser(c);
}
