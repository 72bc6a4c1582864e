/** Structured fields beside a fixed message. Never a transcript, a phone number, a name or a prompt. */
export function log(
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: Record<string, unknown> = {},
): void {
  console[level](JSON.stringify({ level, message, ...fields }));
}
