import { getMe as meContract } from '../../../../protocol/api/session.ts';
import { signIn as signInContract, signOut as signOutContract } from '../../../../protocol/api/sign-in.ts';
import type { AskOptions } from '../../../../protocol/client/client.ts';
import { api } from './client.ts';

export const getMe = (options?: AskOptions) => api(meContract, {}, options);

export const signIn = (email: string, password: string) => api(signInContract, { body: { email, password } });
export const signOut = () => api(signOutContract, {});

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
