/**
 * Whether Twilio signed this callback: HMAC-SHA1 with our token over the full address and every parameter, sorted by name
 * (twilio.com/docs/usage/security). `verify` compares in constant time.
 */
export async function isTwilios(
  token: string,
  signature: string,
  { url, form }: { readonly url: string; readonly form: URLSearchParams },
): Promise<boolean> {
  const given = bytesOf(signature);
  if (given === null) return false;
  const text = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', text.encode(token), algorithm, false, ['verify']);
  return crypto.subtle.verify('HMAC', key, given, text.encode(signedText(url, form)));
}

/** A name given several times counts with each of its values once, sorted. */
export function signedText(url: string, form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  const parts = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value));
  return url + parts.join('');
}

/** SHA-1 is 20 bytes. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    return bytes.length === 20 ? bytes : null;
  } catch {
    return null;
  }
}
