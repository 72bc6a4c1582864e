import { generateKeyPairSync } from 'node:crypto';

/** A pair of P-256 as push services want it: the public key an uncompressed point, both base64url. */
export function vapidKeys(): { readonly publicKey: string; readonly privateKey: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return { publicKey: point.toString('base64url'), privateKey: d };
}

/** `node scripts/vapid-keys.ts`: made once for a deployment; other keys end every subscription. */
if (import.meta.main) {
  const { publicKey, privateKey } = vapidKeys();
  console.log(`VAPID_PUBLIC_KEY=${publicKey}\nVAPID_PRIVATE_KEY=${privateKey}`);
}
