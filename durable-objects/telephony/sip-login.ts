/** The name and password by which Twilio enters LiveKit's trunk: made from our own secret, so that they are kept nowhere. */
export async function sipLogin(
  secret: string,
): Promise<{ readonly username: string; readonly password: string }> {
  const text = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', text.encode(secret), algorithm, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, text.encode('sip:twilio'));
  const password = [...new Uint8Array(mac)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { username: 'earshot-twilio', password };
}
