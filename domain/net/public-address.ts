/** Why an address is none that we send requests to. */
export type AddressProblem =
  | 'not a URL'
  | 'not https'
  | 'credentials in the address'
  | 'a fragment in the address'
  | 'a port other than 443 and 8443'
  | 'an IP address instead of a name'
  | 'a name without a dot'
  | 'a name that is not public'
  | 'too long';

export type AddressVerdict =
  { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly problem: AddressProblem };

/**
 * 443, and 8443 because receivers behind a front of their own often listen there. Any other would let whoever registers an
 * address have us try the ports of strangers.
 */
const PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);
const LONGEST_URL = 2_048;

/** Last labels that name nothing on the public Internet: RFC 6761, 6762, 7686, 8375, 9476, ICANN's reserved ones. */
const PRIVATE_TOPS: ReadonlySet<string> = new Set([
  'alt',
  'arpa',
  'corp',
  'domain',
  'example',
  'home',
  'internal',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'mail',
  'onion',
  'private',
  'test',
]);
/** Public names that anyone can make stand for a private address. No wall, as anyone can run another; it stops slips. */
const POINTS_ANYWHERE: readonly string[] = [
  'nip.io',
  'sslip.io',
  'xip.io',
  'localtest.me',
  'lvh.me',
  'vcap.me',
  'lacolhost.com',
];

/**
 * Whether we post to an address that somebody gave us (HOOK-6). It is judged as the URL standard reads it, which is how
 * `fetch` will: `0x7f.1`, `2130706433` and full-width digits are all 127.0.0.1 by then. Give `fetch` the returned URL, and
 * follow no redirect: where it leads was never judged. What a public name resolves to is not known here; the runtime that
 * fetches reaches no private network.
 * @param alsoOrigins origins let through as they are; for tests and development only
 */
export function publicAddress(text: string, alsoOrigins: readonly string[] = []): AddressVerdict {
  if (text.length > LONGEST_URL) return refused('too long');
  const url = parsed(text);
  if (url === null) return refused('not a URL');
  if (url.username !== '' || url.password !== '') return refused('credentials in the address');
  // `href` keeps a lone `#`, `hash` does not.
  if (url.href.includes('#')) return refused('a fragment in the address');
  if (alsoOrigins.includes(url.origin)) return { ok: true, url };
  if (url.protocol !== 'https:') return refused('not https');
  if (!PORTS.has(url.port)) return refused('a port other than 443 and 8443');
  const problem = nameProblem(url.hostname);
  return problem === null ? { ok: true, url } : refused(problem);
}

const refused = (problem: AddressProblem): AddressVerdict => ({ ok: false, problem });

function parsed(text: string): URL | null {
  // The parser trims and drops what a person would not see: such an address is not what it looks like.
  if (/[\u0000-\u0020\u007f\\]/.test(text)) return null;
  return URL.canParse(text) ? new URL(text) : null;
}

function nameProblem(hostname: string): AddressProblem | null {
  const name = hostname.replace(/\.$/, '');
  if (name.startsWith('[') || /^[0-9.]+$/.test(name)) return 'an IP address instead of a name';
  const labels = name.split('.');
  const top = labels.at(-1) ?? '';
  if (labels.length < 2) return PRIVATE_TOPS.has(top) ? 'a name that is not public' : 'a name without a dot';
  // A name by the letter: what resolvers and proxies read differently is nothing we send to.
  if (!labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) || name.length > 253)
    return 'not a URL';
  if (!/^([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/.test(top) || PRIVATE_TOPS.has(top))
    return 'a name that is not public';
  const anywhere = POINTS_ANYWHERE.some((each) => name === each || name.endsWith(`.${each}`));
  return anywhere ? 'a name that is not public' : null;
}
