import { Hono } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { accountsFor } from '../accounts/sessions.ts';
import { clientAddress } from '../http/address.ts';
import { refuse } from '../http/problem.ts';

/** Sign-in and sign-out are the library's; nothing else of it is reachable. */
export const accountRoutes = new Hono<AppEnv>()
  .post('/api/auth/sign-in/email', async (c) => {
    const { success } = await c.env.LOGIN_LIMIT.limit({ key: clientAddress(c) });
    if (!success) {
      return refuse(c, 'rate_limited', 'Too many attempts from your address.', {
        detail: 'Wait a minute and try again.',
        headers: { 'retry-after': '60' },
      });
    }
    return accountsFor(c.env.DB, c.get('settings')).handler(c.req.raw);
  })
  .post('/api/auth/sign-out', (c) => accountsFor(c.env.DB, c.get('settings')).handler(c.req.raw))
  .get('/api/me', (c) => {
    const principal = c.get('principal');
    if (principal.kind !== 'user') return refuse(c, 'unauthenticated', 'Sign in first.');
    const { userId, name, email, role } = principal;
    return c.json({ user: { id: userId, name, email, role }, simulated: c.get('settings').simulated });
  });
