import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { brokenRule } from '../../database/constraint.ts';
import { anyUser, firstUserStatements } from '../../database/users.ts';
import { setUp } from '../../protocol/api/setup.ts';
import { sameSecret } from '../access/secret.ts';
import { tooManyAttempts } from '../accounts/attempts.ts';
import { passwordProblem } from '../accounts/password-rules.ts';
import { hashPassword } from '../accounts/password.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

export const setupRoutes = new Hono<AppEnv>();

/** The first admin. Whoever comes second, even in the same moment, finds it closed: the table decides. */
serve(setupRoutes, setUp, async (c, { body }) => {
  const tooMany = await tooManyAttempts(c);
  if (tooMany !== null) return tooMany;
  const closed = (detail: string) =>
    refuse(c, 'setup_closed', 'There is nothing to set up here.', { detail });
  if (await anyUser(c.env.DB)) return closed('An account exists. Ask an admin for an invitation.');
  const { setupToken } = c.get('settings');
  if (setupToken === null) return closed('The deployment has no SETUP_TOKEN: set one and deploy again.');
  if (!sameSecret(body.setupToken, setupToken)) {
    return refuse(c, 'invalid_credentials', "This is not the deployment's setup token.", {
      errors: [{ field: 'setupToken', problem: 'not the one' }],
    });
  }
  const problem = passwordProblem(body.password, body.email, 'password');
  if (problem !== null) return refuse(c, 'malformed', 'Choose another password.', { errors: [problem] });
  const user = {
    id: uuidv7(),
    name: body.name,
    email: body.email,
    passwordHash: await hashPassword(body.password),
  };
  try {
    await c.env.DB.batch([
      ...firstUserStatements(c.env.DB, user, Date.now()),
      auditOf(c, 'account.setUp', { actor: user, subject: `user:${user.id}` }),
    ]);
  } catch (error) {
    if (brokenRule(error) !== 'parentMissing') throw error;
    return closed('An account exists. Ask an admin for an invitation.');
  }
  return undefined;
});
