import type { Context } from 'hono';
import * as z from 'zod/mini';
import type { AppEnv } from '../app-env.ts';
import { describeIssues } from '../../protocol/codec.ts';
import { fieldErrors } from '../../protocol/field-errors.ts';
import { refuse } from './problem.ts';

const MAX_BYTES = 64 * 1024;

export type Body<T> =
  | { readonly ok: true; readonly body: T; readonly text: string }
  | { readonly ok: false; readonly response: Response };

/** Decodes a JSON body, or the refusal to answer with. Bodies over `maxBytes` are not read to the end. */
export async function jsonBody<T>(
  c: Context<AppEnv>,
  schema: z.ZodMiniType<T>,
  maxBytes = MAX_BYTES,
): Promise<Body<T>> {
  // A form of another site can only send other types: this is what makes the browser ask first (CSRF).
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(c.req.header('content-type') ?? '')) {
    const response = refuse(c, 'not_json', 'The body must be JSON.', {
      detail: 'Send `content-type: application/json`.',
    });
    return { ok: false, response };
  }
  const text = await readText(c, maxBytes);
  if (text === null) {
    return {
      ok: false,
      response: refuse(c, 'oversized', 'The body is too large.', { detail: `At most ${maxBytes} bytes.` }),
    };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, response: refuse(c, 'malformed', 'The body is not JSON.') };
  }
  const decoded = z.safeParse(schema, json);
  if (decoded.success) return { ok: true, body: decoded.data, text };
  const errors = fieldErrors(decoded.error, 'body');
  const response = refuse(c, 'malformed', 'The body is not what this route takes.', {
    detail: describeIssues(decoded.error),
    errors,
  });
  return { ok: false, response };
}

/** The body as text, or null once it exceeds the limit: the header may lie or be missing. */
export async function readText(c: Context<AppEnv>, maxBytes: number): Promise<string | null> {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) return null;
  const reader = c.req.raw.body?.getReader();
  if (reader === undefined) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
