import { randomBytes } from 'node:crypto';
import { noteKeyUse, usableKey } from '../../database/api-keys.ts';
import { digest } from '../accounts/digest.ts';
import type { Principal } from './principal.ts';
import { sameSecret } from './secret.ts';

/** `esk_<id>_<secret>`: 128 bits that name the key and 256 that prove it. */
const FORM = /^esk_([0-9a-f]{32})_([0-9a-f]{64})$/;

export const looksLikeKey = (bearer: string): boolean => bearer.startsWith('esk_');

export async function makeKey(
  keyId: string,
): Promise<{ readonly secret: string; readonly secretHash: string }> {
  const secret = randomBytes(32).toString('hex');
  return { secret: `esk_${keyId.replaceAll('-', '')}_${secret}`, secretHash: await digest(secret) };
}

/** Who the key is, or null for one that is forged, unknown, revoked or expired. */
export async function verifyKey(
  database: D1Database,
  bearer: string,
  nowMs: number,
): Promise<Extract<Principal, { kind: 'apiKey' }> | null> {
  const [, hex = '', secret = ''] = FORM.exec(bearer) ?? [];
  if (secret === '') return null;
  const keyId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const key = await usableKey(database, keyId, nowMs);
  if (key === null || !sameSecret(await digest(secret), key.secretHash)) return null;
  await noteKeyUse(database, key, nowMs);
  return { kind: 'apiKey', keyId: key.id, name: key.name, scopes: key.scopes };
}
