import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { accessTable } from '../access/table.ts';
import { refuse } from './problem.ts';

/** No route took it: the path is unknown, or known under other methods, which are named (RFC 9110 §15.5.6). */
export function notFound(c: Context<AppEnv>): Response {
  const allowed = methodsOf(c.req.path);
  if (allowed.length === 0) return refuse(c, 'not_found', 'There is nothing here.');
  return refuse(c, 'method_not_allowed', 'This path does not take this method.', {
    detail: `It takes ${allowed.join(', ')}.`,
    headers: { allow: allowed.join(', ') },
  });
}

const patterns = Object.keys(accessTable).map((row) => {
  const [method = '', path = ''] = row.split(' ');
  return { method, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`) };
});

function methodsOf(path: string): string[] {
  return [...new Set(patterns.filter((each) => each.pattern.test(path)).map((each) => each.method))];
}
