import * as z from 'zod/mini';

export type Decoded<T> =
  | { readonly ok: true; readonly message: T }
  | {
      readonly ok: false;
      readonly code: 'malformed' | 'oversized';
      readonly detail: string;
    };

/** No single message of ours is larger; the runtime's own limit is 32 MiB. */
export const MAX_MESSAGE_CHARS = 64 * 1024;

/** Decodes one text message; never throws. `detail` names the field, never its content (it may be personal data). */
export function decodeMessage<T>(
  schema: z.ZodMiniType<T>,
  raw: unknown,
  maxChars = MAX_MESSAGE_CHARS,
): Decoded<T> {
  if (typeof raw !== 'string') return { ok: false, code: 'malformed', detail: 'expected a text message' };
  if (raw.length > maxChars)
    return { ok: false, code: 'oversized', detail: `at most ${maxChars} characters` };
  let json: unknown;
  try {
    json = JSON.parse(raw);
  } catch {
    return { ok: false, code: 'malformed', detail: 'not JSON' };
  }
  const result = z.safeParse(schema, json);
  return result.success
    ? { ok: true, message: result.data }
    : { ok: false, code: 'malformed', detail: describeIssues(result.error) };
}

/** The first few wrong fields by path: `speaker: invalid_value`. */
export function describeIssues(error: z.core.$ZodError): string {
  return error.issues
    .slice(0, 4)
    .map((issue) => `${issue.path.join('.') || 'message'}: ${issue.code}`)
    .join('; ');
}
