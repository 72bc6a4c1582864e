import { Hono } from 'hono';
import type { Context } from 'hono';
import { passkeysOf, removePasskey } from '../../database/passkeys.ts';
import * as contracts from '../../protocol/api/passkeys.ts';
import { signedIn } from '../access/signed-in.ts';
import { accountsFor } from '../accounts/accounts.ts';
import { tooManyAttempts, tooManyQuestions } from '../accounts/attempts.ts';
import { called, endPresentedSession, passCookiesOn } from '../accounts/sessions.ts';
import type { AppEnv } from '../app-env.ts';
import { audit } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

/** Both sides of passkeys: signing in with one, and keeping one's own. */
export const passkeyRoutes = new Hono<AppEnv>();

const library = (c: Context<AppEnv>) => accountsFor(c.env.DB, c.get('settings')).api;

serve(passkeyRoutes, contracts.passkeySignInOptions, async (c) => {
  const tooMany = await tooManyQuestions(c);
  if (tooMany !== null) return tooMany;
  const { headers, response } = await library(c).generatePasskeyAuthenticationOptions({
    headers: c.req.raw.headers,
    returnHeaders: true,
  });
  passCookiesOn(c, headers);
  const { challenge, rpId = '', timeout = 60_000 } = response;
  return { challenge, rpId, timeout, userVerification: 'required' as const };
});

serve(passkeyRoutes, contracts.verifyPasskeySignIn, async (c, { body }) => {
  const tooMany = await tooManyAttempts(c);
  if (tooMany !== null) return tooMany;
  const answer = await called(() =>
    library(c).verifyPasskeyAuthentication({
      body: { response: body.answer as never },
      headers: c.req.raw.headers,
      returnHeaders: true,
    }),
  );
  if (!answer.ok) {
    await audit(c, 'session.refused', { detail: 'passkey' });
    return refuse(c, 'invalid_credentials', 'This passkey opens no account here.', {
      detail: 'Begin again, or sign in with your password.',
    });
  }
  const { user } = answer.value.response;
  await endPresentedSession(c);
  passCookiesOn(c, answer.value.headers);
  await audit(c, 'session.opened', { actor: user, subject: `user:${user.id}`, detail: 'passkey' });
  return undefined;
});

serve(passkeyRoutes, contracts.listPasskeys, async (c) => ({
  passkeys: await passkeysOf(c.env.DB, signedIn(c).userId),
}));

serve(passkeyRoutes, contracts.passkeyOptions, async (c) => {
  const answer = await called(() =>
    library(c).generatePasskeyRegistrationOptions({ headers: c.req.raw.headers, returnHeaders: true }),
  );
  if (!answer.ok) return notAdded(c, answer);
  passCookiesOn(c, answer.value.headers);
  const { excludeCredentials = [], timeout = 60_000, ...options } = answer.value.response;
  return { ...options, excludeCredentials, timeout } as never;
});

serve(passkeyRoutes, contracts.addPasskey, async (c, { body }) => {
  const answer = await called(() =>
    library(c).verifyPasskeyRegistration({
      body: { name: body.name, response: body.answer },
      headers: c.req.raw.headers,
    }),
  );
  if (!answer.ok) return notAdded(c, answer);
  const { id } = answer.value;
  const { userId } = signedIn(c);
  await audit(c, 'passkey.added', { subject: `user:${userId}` });
  const made = (await passkeysOf(c.env.DB, userId)).find((each) => each.id === id);
  return made ?? refuse(c, 'not_found', 'It was removed in the meantime.');
});

serve(passkeyRoutes, contracts.removePasskey, async (c, { params }) => {
  const { userId } = signedIn(c);
  if (!(await removePasskey(c.env.DB, userId, params.passkeyId))) {
    return refuse(c, 'not_found', 'You have no such passkey.');
  }
  await audit(c, 'passkey.removed', { subject: `user:${userId}` });
  return undefined;
});

/** Why not, in our words: an old session, or an answer to none of our questions. */
function notAdded(c: Context<AppEnv>, { code }: { readonly code: string }): Response {
  if (code === 'SESSION_NOT_FRESH') {
    return refuse(c, 'forbidden', 'Your session is older than a day.', {
      detail: 'Sign in again, then add the passkey.',
    });
  }
  return refuse(c, 'conflict', 'The passkey was not added.', {
    detail: 'It answers none of our questions, came too late, or is known already. Begin again.',
  });
}
