type Bytes = Uint8Array<ArrayBuffer>;
const utf8 = (text: string): Bytes => new Uint8Array(Buffer.from(text));
const joined = (...parts: Uint8Array[]): Bytes => new Uint8Array(Buffer.concat(parts));

/** A browser's end of web push (RFC 8291), written from the standard: its keys, and how it reads what it gets. */
export async function newDevice() {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ])) as CryptoKeyPair;
  const own = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer);
  const auth = crypto.getRandomValues(new Uint8Array(16));
  const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  return {
    subscription: {
      endpoint: `https://push.example.com/${crypto.randomUUID()}`,
      expirationTime: null,
      keys: { p256dh: base64url(own), auth: base64url(auth) },
    },
    async decrypt(body: Uint8Array): Promise<unknown> {
      const salt = new Uint8Array(body.subarray(0, 16));
      const keyLength = body[20] ?? 0;
      const theirs = new Uint8Array(body.subarray(21, 21 + keyLength));
      const sealed = new Uint8Array(body.subarray(21 + keyLength));
      const publicKey = await crypto.subtle.importKey(
        'raw',
        theirs,
        { name: 'ECDH', namedCurve: 'P-256' },
        true,
        [],
      );
      const shared = await crypto.subtle.deriveBits(
        { name: 'ECDH', public: publicKey } as never,
        pair.privateKey,
        256,
      );
      const ikm = await hkdf(new Uint8Array(shared), auth, joined(utf8('WebPush: info\0'), own, theirs), 32);
      const key = await hkdf(ikm, salt, utf8('Content-Encoding: aes128gcm\0'), 16);
      const nonce = await hkdf(ikm, salt, utf8('Content-Encoding: nonce\0'), 12);
      const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
      const padded = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, aes, sealed));
      // Behind the text stands 2, the mark of the last record, then zeros.
      const end = padded.findLastIndex((byte) => byte !== 0);
      return JSON.parse(new TextDecoder().decode(padded.subarray(0, end)));
    },
  };
}

async function hkdf(ikm: Bytes, salt: Bytes, info: Bytes, bytes: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, bytes * 8),
  );
}
