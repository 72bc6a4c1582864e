/** SHA-256 as base64url: how secrets of enough randomness (tokens, keys, links) are kept. */
export async function digest(secret: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  return Buffer.from(bytes).toString('base64url');
}
