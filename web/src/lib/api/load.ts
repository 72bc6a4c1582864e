import { error, redirect } from '@sveltejs/kit';
import type { Reply } from '../../../../protocol/client/failure.ts';
import { signInPath } from './session.ts';

/**
 * What a `load` function does with a reply: its value, or the sign-in page, or the error page.
 *
 * @throws a redirect or an error of the framework's, which shows the page meant for it.
 */
export async function valueOrLeave<T>(reply: Reply<T>, what: string, url: URL): Promise<T> {
  if (reply.ok) return reply.value;
  const { failure } = reply;
  if (failure.status === 401) redirect(307, signInPath(url));
  // Words for what went wrong are loaded when something did.
  const { explain } = await import('./explain.ts');
  const { why, todo, requestId } = explain(what, failure);
  error(failure.status >= 400 ? failure.status : 503, what, { why, todo, requestId });
}
