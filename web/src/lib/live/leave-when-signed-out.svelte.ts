import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import { signInPath } from '../api/session.ts';
import type { Link } from './connection.ts';

/** A live feed that is refused for want of a session leads to the sign-in page, and from there back here. */
export function leaveWhenSignedOut(link: () => Link): void {
  $effect(() => {
    if (link().reason === 'unauthenticated') void goto(resolve(signInPath(page.url)));
  });
}
