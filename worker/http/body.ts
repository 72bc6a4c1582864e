import type { Context } from 'hono';
import type * as z from 'zod/mini';
import type { AppEnv } from '../app-env.ts';
import { decodeMessage } from '../../protocol/codec.ts';
import { refuse } from './problem.ts';

/** Decodes a JSON body, or the refusal to answer with. Bodies over `maxBytes` are not read to the end. */
export async function jsonBody<T>(
  c: Context<AppEnv>,
  schema: z.ZodMiniType<T>,
  maxBytes = 64 * 1024,
): Promise<{ readonly ok: true; readonly body: T } | { readonly ok: false; readonly response: Response }> {
  const text = await readText(c, maxBytes);
  if (text === null) {
    return {
      ok: false,
      response: refuse(c, 'oversized', 'The body is too large.', { detail: `At most ${maxBytes} bytes.` }),
    };
  }
  const decoded = decodeMessage(schema, text, maxBytes);
  if (decoded.ok) return { ok: true, body: decoded.message };
  return {
    ok: false,
    response: refuse(c, decoded.code, 'The body is not what this route takes.', { detail: decoded.detail }),
  };
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
