import { randomBytes } from 'node:crypto';
import type { Settings } from '../settings.ts';
import { digest } from './digest.ts';

export interface OneTimeLink {
  /** Shown once. The secret is its fragment, which browsers send to no server. */
  readonly link: string;
  /** What is kept. */
  readonly tokenHash: string;
}

/** A link to a page of ours with 256 random bits in its fragment. */
export async function makeLink(settings: Settings, page: '/join' | '/reset-password'): Promise<OneTimeLink> {
  const token = randomBytes(32).toString('base64url');
  return { link: `${settings.appOrigins[0] ?? ''}${page}#${token}`, tokenHash: await digest(token) };
}
