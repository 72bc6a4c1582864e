/** What is worth saying, and the fields that place it. Never words of a call, phone numbers or prompts. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
}

/** One JSON line each on stderr: stdout is the framework's, and `main`'s one line. */
export function jsonLog(place: LogFields): Log {
  const write = (level: string, message: string, fields: LogFields = {}): void => {
    process.stderr.write(`${JSON.stringify({ level, message, ...place, ...fields })}\n`);
  };
  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
  };
}

/** The name of an error without its message: a provider's message may quote what was said. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * The framework logs transcripts and room names under `lk.pii.…` keys, some of them at `warn`. It offers no way to
 * leave them out, so they are cut from its JSON lines on their way to stdout. Call once, before it logs.
 */
export function keepPersonalDataOutOfStdout(): void {
  const write = process.stdout.write.bind(process.stdout) as (chunk: unknown, ...rest: unknown[]) => boolean;
  process.stdout.write = ((chunk: unknown, ...rest: unknown[]): boolean =>
    write(
      typeof chunk === 'string' ? withoutPersonalData(chunk) : chunk,
      ...rest,
    )) as typeof process.stdout.write;
}

/** One line of the framework's log without its personal data; any other text unchanged. */
export function withoutPersonalData(line: string): string {
  if (!line.includes('"lk.pii.')) return line;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    for (const key of Object.keys(entry)) if (key.startsWith('lk.pii.')) delete entry[key];
    return `${JSON.stringify(entry)}\n`;
  } catch {
    // Several lines at once, or something that is not the framework's: rather nothing than a transcript.
    return '{"level":40,"msg":"a log line with personal data was withheld"}\n';
  }
}
