/** Reading what a client sent, within bounds. */
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';

/** OpenAI's own bound for a sound file. */
const MAX_BYTES = 25 * 1024 * 1024;

/**
 * The whole body.
 *
 * @throws ApiError 413 when it is longer than 25 MiB
 */
export async function readBytes(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new ApiError(413, 'The request is longer than 25 MiB.', 'too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The JSON body as `schema` wants it.
 *
 * @throws ApiError 400 when it is not JSON or does not match; the message names the field, never its content
 */
export async function readJson<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const bytes = await readBytes(request);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ApiError(400, 'The body is not JSON.', 'invalid_json');
  }
  const decoded = schema.safeParse(value);
  if (decoded.success) return decoded.data;
  const where = decoded.error.issues[0]?.path.join('.') || 'the body';
  throw new ApiError(400, `Invalid value for ${where}.`, 'invalid_value');
}

/**
 * The fields of a multipart form.
 *
 * @throws ApiError 400 when the body is not such a form
 */
export async function readForm(request: IncomingMessage): Promise<FormData> {
  const contentType = request.headers['content-type'] ?? '';
  if (!contentType.startsWith('multipart/form-data')) {
    throw new ApiError(400, 'The body must be multipart/form-data.', 'invalid_content_type');
  }
  const body = await readBytes(request);
  try {
    return await new Response(body, { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new ApiError(400, 'The form cannot be read.', 'invalid_form');
  }
}
