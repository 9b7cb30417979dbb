/** One request to a destination that was looked at, and its answer, read no further than its limit whatever its encoding promises. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Destination, NetworkAddress } from './destination.ts';

export interface ExchangeTerms {
  /** Of the body, as it is sent and as it is once decoded. */
  readonly bytesMax: number;
  /** Ends everything at once. */
  readonly signal: AbortSignal;
}

export type Exchanged =
  | { readonly redirectTo: string }
  | { readonly redirectTo?: undefined; readonly status: number; readonly bytes: Uint8Array };

/** Documents before pictures, and a page for people last. */
const ACCEPT = [
  'application/vc+ld+json, application/vc, application/did+json, application/ld+json, application/json;q=0.9',
  'application/vc+jwt;q=0.8, image/png;q=0.7, image/svg+xml;q=0.7, text/plain;q=0.5, */*;q=0.1',
].join(', ');

const HEADERS = { accept: ACCEPT, 'accept-encoding': 'gzip, br', 'user-agent': 'assay-verifier' } as const;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** @throws Error for whatever keeps an answer from being read: its text is for nobody's eyes. */
export const exchange = async (destination: Destination, { bytesMax, signal }: ExchangeTerms): Promise<Exchanged> => {
  const response = await responseOf(destination, signal);
  const { statusCode: status = 0, headers } = response;
  const isRead = status >= 200 && status < 300;
  if (isRead) return { status, bytes: await bodyOf(response, bytesMax).finally(() => response.destroy()) };
  response.destroy();
  return REDIRECTS.has(status) && headers.location !== undefined ? { redirectTo: headers.location } : { status, bytes: new Uint8Array() };
};

const responseOf = ({ url, addresses }: Destination, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // No agent: a connection that is kept would be to an address that was looked at for another name.
    request(url, { agent: false, headers: HEADERS, lookup: pinnedTo(addresses), signal }, resolve)
      .on('error', reject)
      .end();
  });

/** Whatever name is asked for, these are its addresses. */
const pinnedTo =
  (addresses: readonly [NetworkAddress, ...NetworkAddress[]]): LookupFunction =>
  (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };

const bodyOf = async (response: IncomingMessage, bytesMax: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of limited(decoded(response, bytesMax), bytesMax)) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
};

/** Reads no further than the limit; whoever stops reading ends the connection. */
async function* limited(source: Readable, bytesMax: number): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  for await (const chunk of source as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new RangeError(`more than ${bytesMax} bytes`);
    yield chunk;
  }
}

const decoded = (response: IncomingMessage, bytesMax: number): Readable => {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return response;
  // What was sent is limited as well: endless bytes may decode to none.
  const sent = async function* (source: Readable) {
    yield* limited(source, bytesMax);
  };
  return pipeline(response, sent, decoderOf(encoding), () => {
    // The reader sees the error, too.
  });
};

const decoderOf = (encoding: string): Transform => {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      return createInflate();
    default:
      throw new Error('an encoding that was not asked for');
  }
};
