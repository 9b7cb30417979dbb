/**
 * Public keys as Multikeys, `z…`: a multicodec prefix says which kind the bytes are.
 * @see https://www.w3.org/TR/cid-1.0/#Multikey
 */
import { base58btcDecode, base58btcEncode } from '../multibase.ts';
import { concat, fromBase64url, type PublicKey, sameBytes, toBase64url } from '../primitives.ts';
import { compress, decompress } from './ec-point.ts';

/** Multicodec varints of public keys. */
const PREFIX = { Ed25519: [0xed, 0x01], 'P-256': [0x80, 0x24], 'P-384': [0x81, 0x24] } as const;

type MultikeyKind = keyof typeof PREFIX;

const KINDS: readonly MultikeyKind[] = ['Ed25519', 'P-256', 'P-384'];

/** @returns undefined for a kind that is not listed, for a wrong length, and for a point that is not on its curve. */
export const publicKeyOfMultikey = (multikey: string): PublicKey | undefined => {
  const bytes = base58btcDecode(multikey);
  return bytes === undefined ? undefined : publicKeyOfMulticodec(bytes);
};

/** As {@link publicKeyOfMultikey}, from the bytes that a Multikey encodes. */
export const publicKeyOfMulticodec = (bytes: Uint8Array): PublicKey | undefined => {
  const kind = KINDS.find((candidate) => sameBytes(bytes.subarray(0, 2), new Uint8Array(PREFIX[candidate])));
  if (kind === undefined) return undefined;
  return kind === 'Ed25519' ? ed25519Of(bytes.subarray(2)) : pointOf(kind, bytes.subarray(2));
};

const ed25519Of = (raw: Uint8Array): PublicKey | undefined =>
  raw.length === 32 ? { kind: 'Ed25519', jwk: { kty: 'OKP', crv: 'Ed25519', x: toBase64url(raw) } } : undefined;

const pointOf = (kind: 'P-256' | 'P-384', compressed: Uint8Array): PublicKey | undefined => {
  const point = decompress(kind, compressed);
  return point && { kind, jwk: { kty: 'EC', crv: kind, x: toBase64url(point.x), y: toBase64url(point.y) } };
};

/** The bytes that a Multikey encodes: prefix and key. @throws RangeError for a kind without a Multikey here */
export const multicodecOf = ({ kind, jwk }: PublicKey): Uint8Array => {
  const [x, y] = [fromBase64url(jwk.x ?? ''), fromBase64url(jwk.y ?? '')];
  if (x !== undefined && kind === 'Ed25519') return concat(new Uint8Array(PREFIX.Ed25519), x);
  if (x !== undefined && y !== undefined && (kind === 'P-256' || kind === 'P-384'))
    return concat(new Uint8Array(PREFIX[kind]), compress({ x, y }));
  throw new RangeError(`no Multikey for ${kind}`);
};

/** `z6Mk…`, `zDna…` or `z82L…`. @throws RangeError for a kind without a Multikey here */
export const multikeyOfKey = (key: PublicKey): string => base58btcEncode(multicodecOf(key));
