/**
 * From an address that a stranger named to where a connection may go. The name is resolved once, every answer is
 * looked at, and the connection is made to those very answers: a name that changes its mind meanwhile changes nothing.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

export interface NetworkAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

export interface Destination {
  readonly url: URL;
  /** All that may be connected to; never empty. */
  readonly addresses: readonly [NetworkAddress, ...NetworkAddress[]];
}

export interface DestinationNeeds {
  /** Every address behind a name; rejects or answers nothing where there is none. */
  readonly resolve: (hostname: string) => Promise<readonly NetworkAddress[]>;
  /** Only one machine that serves its badges on loopback allows it. */
  readonly loopback: 'refused' | 'allowed';
}

/** As the operating system resolves names. */
export const systemResolve: DestinationNeeds['resolve'] = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));

/** Loopback by its own name: a name of somebody else's that leads there is refused even where loopback is allowed. */
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Below are the ports of mail, shells and the like, which could take a request for words of their own. */
const OPEN_PORT_MIN = 1024;

/** @returns undefined for an address that is not to be asked, for whatever reason: why would tell about the network behind. */
export const destinationOf = async (address: string, needs: DestinationNeeds): Promise<Destination | undefined> => {
  const url = URL.parse(address);
  if (url === null) return undefined;
  const isLocal = needs.loopback === 'allowed' && LOOPBACK_HOST.test(url.hostname);
  if (!isFitToAsk(url, isLocal ? ['https:', 'http:'] : ['https:'])) return undefined;
  // Nobody certifies a loopback address, and nothing lies on the way to it: a did:web there is asked without TLS.
  if (isLocal) url.protocol = 'http:';
  const [first, ...others] = await addressesOf(url.hostname, needs);
  const isFit = isLocal ? isLoopbackAddress : isPublicAddress;
  if (first === undefined || ![first, ...others].every((found) => isFit(found.address))) return undefined;
  return { url, addresses: [first, ...others] };
};

/** Without a name and password, of which the answer might depend; the empty port is the scheme's own. */
const isFitToAsk = ({ protocol, username, password, port }: URL, schemes: readonly string[]): boolean =>
  schemes.includes(protocol) && username === '' && password === '' && (port === '' || Number(port) >= OPEN_PORT_MIN);

const addressesOf = async (hostname: string, { resolve }: DestinationNeeds): Promise<readonly NetworkAddress[]> => {
  // The parser has turned every odd spelling (0x7f.1, 2130706433, 127.1) into the usual one.
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(literal);
  if (family === 4 || family === 6) return [{ address: literal, family }];
  return resolve(hostname).catch(() => []);
};
