import { publicAddress } from '../domain/net/public-address.ts';
import { within } from './within.ts';

export interface OutsideRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For all of it, the answer's body too. */
  readonly withinMs: number;
  /** Let through without being public; for tests and development only. */
  readonly alsoOrigins: readonly string[];
}

export type OutsideFailure = 'addressForbidden' | 'timedOut' | 'unreachable';

/**
 * Asks an address that somebody gave us, and that is judged each time: it may have been registered under older rules
 * (HOOK-6). `read` takes what it needs of the answer; should it fail, nothing was reached. Never throws.
 */
export async function fetchOutside<T>(
  address: string,
  { withinMs, alsoOrigins, ...request }: OutsideRequest,
  read: (response: Response, signal: AbortSignal) => Promise<T>,
): Promise<
  { readonly ok: true; readonly answer: T } | { readonly ok: false; readonly error: OutsideFailure }
> {
  const verdict = publicAddress(address, alsoOrigins);
  if (!verdict.ok) return { ok: false, error: 'addressForbidden' };
  return within(withinMs, async (signal) => {
    try {
      // Where a redirect leads was never judged.
      const response = await fetch(verdict.url.href, { ...request, redirect: 'manual', signal });
      return { ok: true, answer: await read(response, signal) } as const;
    } catch {
      return { ok: false, error: signal.aborted ? 'timedOut' : 'unreachable' } as const;
    }
  });
}

/**
 * Reads an answer's body up to so many bytes, then lets the connection go.
 * @returns whether that was all of it
 * @throws when the signal aborts: a body may never end in this runtime
 */
export async function readUpTo(
  response: Response,
  bytes: number,
  signal: AbortSignal,
  onPart: (part: Uint8Array) => void,
): Promise<boolean> {
  // A body that the status rules out may never end either.
  if (response.body === null || response.status === 204 || response.status === 205) return true;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const read = async (): Promise<boolean> => {
    let size = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.byteLength;
      onPart(part.value);
      if (size > bytes) {
        await reader.cancel();
        return false;
      }
    }
    return true;
  };
  const timedOut = new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new Error('timed out'))),
  );
  return Promise.race([read(), timedOut]);
}

/** The answer's body as text; null when it is longer than so many bytes. @throws when the signal aborts */
export async function bodyUpTo(
  response: Response,
  bytes: number,
  signal: AbortSignal,
): Promise<string | null> {
  const parts: Uint8Array[] = [];
  const whole = await readUpTo(response, bytes, signal, (part) => parts.push(part));
  return whole ? new TextDecoder().decode(Buffer.concat(parts)) : null;
}
