import * as z from 'zod/mini';
import { HealthSchema, MeSchema, PublicProfileSchema } from '../../../../protocol/rest.ts';
import { request, type Ask } from './request.ts';

export type Health = z.infer<typeof HealthSchema>;

export const getMe = (ask?: Ask) => request(MeSchema, '/api/me', ask);
/** A line's own name, for the page where it is called. */
export const getProfile = (slug: string, ask?: Ask) =>
  request(PublicProfileSchema, `/api/profiles/${encodeURIComponent(slug)}`, ask);
export const getHealth = (ask?: Ask) => request(HealthSchema, '/api/health', ask);

export const signIn = (email: string, password: string) =>
  request(z.looseObject({}), '/api/auth/sign-in/email', { method: 'POST', body: { email, password } });
export const signOut = () => request(z.looseObject({}), '/api/auth/sign-out', { method: 'POST', body: {} });

/** Where to sign in and then come back to `url`. */
export function signInPath(
  url: Readonly<Pick<URL, 'pathname' | 'search'>>,
): '/sign-in' | `/sign-in?${string}` {
  const returnTo = url.pathname + url.search;
  return returnTo === '/' ? '/sign-in' : `/sign-in?returnTo=${encodeURIComponent(returnTo)}`;
}

/** A `returnTo` from the address bar is anybody's words: only a path of ours is followed. */
export function safeReturnTo(returnTo: string | null): string {
  if (returnTo === null || !/^\/(?![/\\])/.test(returnTo)) return '/';
  const url = new URL(returnTo, 'https://here.invalid');
  if (url.host !== 'here.invalid' || url.pathname === '/sign-in') return '/';
  return url.pathname + url.search + url.hash;
}
