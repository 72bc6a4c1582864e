import { createHash } from 'node:crypto';

/** Hex, at once: WebCrypto's would have to be awaited where nothing may be. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
