import { describe, expect, it } from 'vitest';
import { type DestinationNeeds, destinationOf, type NetworkAddress, systemResolve } from '#adapters/web/destination.ts';

const at = (...addresses: readonly string[]): readonly NetworkAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** Names of a network in which everything can be found. */
const NAMES: Readonly<Record<string, readonly NetworkAddress[]>> = {
  'public.example': at('8.8.8.8', '2606:4700:4700::1111'),
  'inside.example': at('10.0.0.7'),
  'both.example': at('8.8.8.8', '10.0.0.7'),
  'both-in-ipv6.example': at('8.8.8.8', 'fd00::1'),
  'me.example': at('127.0.0.1'),
  'nowhere.example': [],
  localhost: at('127.0.0.1', '::1'),
};

const resolve: DestinationNeeds['resolve'] = async (hostname) => {
  const found = NAMES[hostname];
  if (found === undefined) throw new Error(`ENOTFOUND ${hostname}`);
  return found;
};

const reached = async (url: string, loopback: DestinationNeeds['loopback'] = 'refused') => {
  const destination = await destinationOf(url, { resolve, loopback });
  return destination && [destination.url.href, ...destination.addresses.map(({ address }) => address)];
};

describe('where a stranger may send this deployment', () => {
  it.each([
    ['https://public.example/badge.json', ['https://public.example/badge.json', '8.8.8.8', '2606:4700:4700::1111']],
    ['https://PUBLIC.example:443/', ['https://public.example/', '8.8.8.8', '2606:4700:4700::1111']],
    ['https://public.example:8443/x', ['https://public.example:8443/x', '8.8.8.8', '2606:4700:4700::1111']],
    ['https://8.8.8.8/', ['https://8.8.8.8/', '8.8.8.8']],
    ['https://[2606:4700:4700::1111]/', ['https://[2606:4700:4700::1111]/', '2606:4700:4700::1111']],
  ])('is a public address over https: %s', async (url, found) => expect(await reached(url)).toEqual(found));

  it.each([
    'not an address',
    '',
    '/badge.json',
    'http://public.example/',
    'ftp://public.example/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'gopher://public.example/',
    'did:web:public.example',
    'https://user@public.example/',
    'https://user:password@public.example/',
    'https://:password@public.example/',
    'https://public.example:22/',
    'https://public.example:25/',
    'https://public.example:80/',
    'https://public.example:1023/',
    'https://public.example:0/',
    'https://inside.example/',
    'https://me.example/',
    'https://nowhere.example/',
    'https://unknown.example/',
    'https://localhost/',
    'https://localhost:4747/',
    'http://127.0.0.1:4747/',
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://[fd00::1]/',
    'https://[::ffff:8.8.8.8]/',
  ])('is not %s', async (url) => expect(await reached(url)).toBeUndefined());

  it.each(['both.example', 'both-in-ipv6.example'])('is no name of which any address lies inside: %s', async (host) => {
    expect(await reached(`https://${host}/`)).toBeUndefined();
  });

  it.each([
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://127.1/',
    'https://0177.0.0.1/',
    'https://127.0.0.1./',
    'https://①②⑦.0.0.1/',
    'https://2852039166/',
    'https://0xa9.0xfe.0xa9.0xfe/',
    'https://169.254.43518/',
    'https://[0:0:0:0:0:ffff:7f00:1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[64:ff9b::169.254.169.254]/',
    'https://[2002:7f00:1::]/',
  ])('is no inner address in an odd spelling: %s', async (url) => expect(await reached(url)).toBeUndefined());

  it('is found out once, so that a name cannot change its mind between the look and the connection', async () => {
    const answers = [at('8.8.8.8'), at('127.0.0.1')];
    const rebinding = async () => answers.shift() ?? [];
    const destination = await destinationOf('https://rebinding.example/', { resolve: rebinding, loopback: 'refused' });
    expect(destination?.addresses).toEqual(at('8.8.8.8'));
    expect(answers).toHaveLength(1);
  });
});

describe('one machine', () => {
  it.each([
    ['http://localhost:4747/c/1', ['http://localhost:4747/c/1', '127.0.0.1', '::1']],
    ['http://127.0.0.1:4747/', ['http://127.0.0.1:4747/', '127.0.0.1']],
    ['http://[::1]:4747/', ['http://[::1]:4747/', '::1']],
  ])('may ask itself without TLS: %s', async (url, found) => expect(await reached(url, 'allowed')).toEqual(found));

  it('asks itself without TLS where a did:web says https, since nobody certifies a loopback address', async () => {
    expect(await reached('https://127.0.0.1:4747/i/harbour/did.json', 'allowed')).toEqual([
      'http://127.0.0.1:4747/i/harbour/did.json',
      '127.0.0.1',
    ]);
  });

  it.each([
    'http://public.example/',
    'http://me.example:4747/',
    'https://me.example/',
    'https://inside.example/',
    'http://10.0.0.7:4747/',
    'http://169.254.169.254/',
    'http://0.0.0.0:4747/',
    'http://localhost.example:4747/',
    'http://127.0.0.1.example:4747/',
    'http://user@127.0.0.1:4747/',
    'http://127.0.0.1:22/',
    'ftp://127.0.0.1:4747/',
  ])('asks no more than that: not %s', async (url) => expect(await reached(url, 'allowed')).toBeUndefined());

  it('does not believe a localhost that is elsewhere', async () => {
    const elsewhere = async () => at('10.0.0.7');
    expect(await destinationOf('http://localhost:4747/', { resolve: elsewhere, loopback: 'allowed' })).toBeUndefined();
  });

  it('resolves names as its operating system does', async () => {
    const found = await systemResolve('localhost');
    expect(found.length).toBeGreaterThan(0);
    for (const { address, family } of found) expect([address, family]).toEqual(address.includes(':') ? ['::1', 6] : ['127.0.0.1', 4]);
  });
});
