import { error, redirect } from '@sveltejs/kit';
import { explain } from './explain.ts';
import type { Reply } from './failure.ts';
import { signInPath } from './session.ts';

/**
 * What a `load` function does with a reply: its value, or the sign-in page, or the error page.
 *
 * @throws a redirect or an error of the framework's, which shows the page meant for it.
 */
export function valueOrLeave<T>(reply: Reply<T>, what: string, url: URL): T {
  if (reply.ok) return reply.value;
  const { failure } = reply;
  if (failure.status === 401) redirect(307, signInPath(url));
  const { why, todo, requestId } = explain(what, failure);
  error(failure.status >= 400 ? failure.status : 503, what, { why, todo, requestId });
}
