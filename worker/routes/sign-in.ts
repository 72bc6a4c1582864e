import { Hono } from 'hono';
import { userByEmail } from '../../database/users.ts';
import * as contracts from '../../protocol/api/sign-in.ts';
import { accountsFor } from '../accounts/accounts.ts';
import { tooManyAttempts } from '../accounts/attempts.ts';
import { dismissSockets } from '../accounts/dismiss.ts';
import { called, endPresentedSession, passCookiesOn, signedInUser } from '../accounts/sessions.ts';
import type { AppEnv } from '../app-env.ts';
import { audit } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

export const signInRoutes = new Hono<AppEnv>();

serve(signInRoutes, contracts.signIn, async (c, { body }) => {
  const tooMany = await tooManyAttempts(c, body.email);
  if (tooMany !== null) return tooMany;
  const answer = await called(() =>
    accountsFor(c.env.DB, c.get('settings')).api.signInEmail({
      body,
      headers: c.req.raw.headers,
      returnHeaders: true,
    }),
  );
  // Asked in either case, so that the time tells nothing.
  const user = await userByEmail(c.env.DB, body.email);
  if (!answer.ok || user === null) {
    await audit(c, 'session.refused', {
      ...(user === null ? {} : { subject: `user:${user.id}` }),
      detail: 'password',
    });
    return refuse(c, 'invalid_credentials', 'No account has this e-mail address and password.', {
      detail: 'Check both, or ask an admin for a reset link.',
    });
  }
  // Whose cookie came along is signed in no more: nothing of before carries over.
  await endPresentedSession(c);
  passCookiesOn(c, answer.value.headers);
  await audit(c, 'session.opened', { actor: user, subject: `user:${user.id}`, detail: 'password' });
  return undefined;
});

serve(signInRoutes, contracts.signOut, async (c) => {
  const user = await signedInUser(c);
  passCookiesOn(c, await endPresentedSession(c));
  if (user !== null) {
    const actor = { id: user.userId, name: user.name };
    await audit(c, 'session.revoked', { actor, subject: `user:${user.userId}`, detail: 'signed out' });
    dismissSockets(c, user.userId);
  }
  return undefined;
});
