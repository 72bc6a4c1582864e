import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicAddress } from '../../domain/net/public-address.ts';

const verdict = (text: string): string => {
  const judged = publicAddress(text);
  return judged.ok ? 'ok' : judged.problem;
};

const LITERAL = 'an IP address instead of a name';
const NOT_PUBLIC = 'a name that is not public';

describe('HOOK-6 we post to public https names only', () => {
  test.each([
    'https://hooks.example.com/earshot',
    'https://hooks.example.com:8443/a?b=c',
    'https://xn--bcher-kva.example.com/',
    'https://a.b.c.d.acme.io/%20x',
    'HTTPS://Hooks.Acme.IO/x',
    'https://hooks.acme.io./x',
    'https://my_service.acme.io/',
    'https://1.acme.io/',
  ])('%s is taken', (text) => expect(verdict(text)).toBe('ok'));

  test.each([
    // Loopback and friends, in every notation the URL standard reads.
    ['https://127.0.0.1/', LITERAL],
    ['https://127.1/', LITERAL],
    ['https://2130706433/', LITERAL],
    ['https://0x7f000001/', LITERAL],
    ['https://0x7f.1/', LITERAL],
    ['https://0177.0.0.1/', LITERAL],
    ['https://017700000001/', LITERAL],
    ['https://127.0.0.1./', LITERAL],
    ['https://0/', LITERAL],
    ['https://0.0.0.0/', LITERAL],
    ['https://１２７.０.０.１/', LITERAL],
    ['https://①②⑦.⓪.⓪.①/', LITERAL],
    ['https://127。0。0。1/', LITERAL],
    ['https://%31%32%37.0.0.1/', LITERAL],
    ['https://169.254.169.254/latest/meta-data', LITERAL],
    ['https://0xa9fea9fe/', LITERAL],
    ['https://10.0.0.1/', LITERAL],
    ['https://8.8.8.8/', LITERAL],
    ['https://[::1]/', LITERAL],
    ['https://[::]/', LITERAL],
    ['https://[0:0:0:0:0:0:0:1]/', LITERAL],
    ['https://[::ffff:127.0.0.1]/', LITERAL],
    ['https://[::ffff:7f00:1]/', LITERAL],
    ['https://[64:ff9b::7f00:1]/', LITERAL],
    ['https://[fd00::1]/', LITERAL],
    ['https://[fe80::1%25eth0]/', 'not a URL'],
    ['https://256.256.256.256/', 'not a URL'],
    ['https://1.2.3.4.5/', 'not a URL'],
    ['https://acme.0x1/', 'not a URL'],
    // Names that are not on the public Internet.
    ['https://localhost/', NOT_PUBLIC],
    ['https://localhost./', NOT_PUBLIC],
    ['https://LOCALHOST/', NOT_PUBLIC],
    ['https://ｌｏｃａｌｈｏｓｔ/', NOT_PUBLIC],
    ['https://a.localhost/', NOT_PUBLIC],
    ['https://printer.local/', NOT_PUBLIC],
    ['https://metadata.google.internal/', NOT_PUBLIC],
    ['https://router.home.arpa/', NOT_PUBLIC],
    ['https://1.0.0.127.in-addr.arpa/', NOT_PUBLIC],
    ['https://earshot.test/', NOT_PUBLIC],
    ['https://hidden.onion/', NOT_PUBLIC],
    ['https://nas.lan/', NOT_PUBLIC],
    ['https://wiki.corp/', NOT_PUBLIC],
    ['https://127.0.0.1.nip.io/', NOT_PUBLIC],
    ['https://localtest.me/', NOT_PUBLIC],
    ['https://intranet/', NOT_PUBLIC],
    ['https://wiki/', 'a name without a dot'],
    ['https://com./', 'a name without a dot'],
    ['https://acme..io/', 'not a URL'],
    ['https://-acme.io/', 'not a URL'],
    // Ways around a careless look at the text.
    ['http://hooks.acme.io/', 'not https'],
    ['ftp://hooks.acme.io/', 'not https'],
    ['file:///etc/passwd', 'not https'],
    ['javascript:alert(1)', 'not https'],
    ['https://hooks.acme.io@127.0.0.1/', 'credentials in the address'],
    ['https://user:pass@hooks.acme.io/', 'credentials in the address'],
    ['https://:pass@hooks.acme.io/', 'credentials in the address'],
    ['https://127.0.0.1\\@hooks.acme.io/', 'not a URL'],
    ['https://hooks.acme.io\\.evil.io/', 'not a URL'],
    ['https:\\\\127.0.0.1/', 'not a URL'],
    ['https:127.0.0.1/', LITERAL],
    ['https:///127.0.0.1/', LITERAL],
    ['https://127.0.0.1#.acme.io/', 'a fragment in the address'],
    ['https://hooks.acme.io/#', 'a fragment in the address'],
    ['https://127.0.0.1?.acme.io/', LITERAL],
    ['https://hooks.acme.io/\r\nhost: localhost', 'not a URL'],
    [' https://hooks.acme.io/', 'not a URL'],
    ['https://local\thost/', 'not a URL'],
    ['//hooks.acme.io/', 'not a URL'],
    ['hooks.acme.io', 'not a URL'],
    ['', 'not a URL'],
    ['https://', 'not a URL'],
    // Ports.
    ['https://hooks.acme.io:22/', 'a port other than 443 and 8443'],
    ['https://hooks.acme.io:80/', 'a port other than 443 and 8443'],
    ['https://hooks.acme.io:6379/', 'a port other than 443 and 8443'],
    ['https://hooks.acme.io:0/', 'a port other than 443 and 8443'],
    ['https://hooks.acme.io:65536/', 'not a URL'],
    [`https://hooks.acme.io/${'x'.repeat(2_100)}`, 'too long'],
  ])('%s is refused', (text, problem) => expect(verdict(text)).toBe(problem));

  /** Every way the URL standard lets one write an IPv4 address. */
  const ipv4 = fc
    .tuple(fc.nat(0xffffffff), fc.constantFrom(10, 8, 16), fc.integer({ min: 1, max: 4 }))
    .map(([value, base, parts]) => {
      const word = (part: number): string => ({ 10: '', 8: '0', 16: '0x' })[base] + part.toString(base);
      const bytes = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
      const head = bytes.slice(0, parts - 1);
      const tail = bytes.slice(parts - 1).reduce((sum, byte) => sum * 256 + byte, 0);
      return [...head, tail].map(word).join('.');
    });

  test('no IPv4 address is taken, however it is written', () => {
    fc.assert(
      fc.property(ipv4, fc.constantFrom('', '.'), (ip, dot) => verdict(`https://${ip}${dot}/`) === LITERAL),
    );
  });

  test('no IPv6 address is taken, however it is written', () => {
    fc.assert(fc.property(fc.ipV6(), (ip) => verdict(`https://[${ip}]/`) !== 'ok'));
  });

  test('whatever is taken is https, by a name with a dot, without credentials, and is taken again as it came out', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          'https:',
          '//',
          '@',
          ':',
          '.',
          '127.0.0.1',
          'localhost',
          'acme.io',
          '[::1]',
          '\\',
          '#',
          '?',
          '/',
        ),
        fc.webUrl(),
        fc.domain(),
        fc.string({ unit: 'binary', maxLength: 4 }),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const judged = publicAddress(`https://${parts.join('')}`);
        if (!judged.ok) return;
        const { url } = judged;
        expect(url.protocol).toBe('https:');
        expect(url.username + url.password).toBe('');
        expect(url.hostname).toMatch(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*\.?$/);
        expect(['', '8443']).toContain(url.port);
        expect(verdict(url.href)).toBe('ok');
      }),
      { numRuns: 2_000 },
    );
  });

  test('an ordinary public address is always taken', () => {
    const tops = fc.constantFrom('com', 'io', 'dev', 'de', 'co.uk', 'xn--p1ai', 'cloud');
    const label = fc
      .stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/)
      .filter((each) => !each.startsWith('xn--'));
    const ours = fc.tuple(fc.array(label, { minLength: 1, maxLength: 4 }), tops, fc.webPath());
    fc.assert(
      fc.property(
        ours,
        ([labels, top, path]) => verdict(`https://${labels.join('.')}.${top}${path}`) === 'ok',
      ),
    );
  });

  test('a test receiver is let through by its exact origin and no further', () => {
    const allowed = ['http://127.0.0.1:4100'];
    expect(publicAddress('http://127.0.0.1:4100/hook', allowed).ok).toBe(true);
    for (const other of [
      'http://127.0.0.1:4101/',
      'https://127.0.0.1:4100/',
      'http://u@127.0.0.1:4100/',
      'http://127.0.0.1/',
    ])
      expect(publicAddress(other, allowed).ok).toBe(false);
  });
});
