/**
 * The two values that an ecdsa-sd-2023 proof can hold, as bytes: the base proof that an issuer gives to a holder, and
 * the derived one that the holder shows.
 * @see https://www.w3.org/TR/vc-di-ecdsa/#serializebaseproofvalue and #serializederivedproofvalue
 */
import { decode, encode } from 'cborg';
import { publicKeyOfMulticodec } from '../keys/multikey.ts';
import { base64urlDecode, base64urlEncode } from '../multibase.ts';
import { concat, type PublicKey, sameBytes } from '../primitives.ts';

/** CBOR tags that tell the two apart. */
const BASE = new Uint8Array([0xd9, 0x5d, 0x00]);
const DERIVED = new Uint8Array([0xd9, 0x5d, 0x01]);

const SIGNATURE_BYTES = 64;
const HMAC_BYTES = 32;
/** Two bytes of prefix, a sign and a coordinate. */
const MULTICODEC_P256_BYTES = 35;

interface Common {
  /** The issuer's, over options, ephemeral key and mandatory statements. */
  readonly baseSignature: Uint8Array;
  /** Multicodec bytes of the ephemeral P-256 key that signed each statement. */
  readonly publicKey: Uint8Array;
  readonly signatures: readonly Uint8Array[];
}

export interface BaseProofValue extends Common {
  readonly hmacKey: Uint8Array;
  readonly mandatoryPointers: readonly string[];
}

export interface DerivedProofValue extends Common {
  /** `c14n0` → the label that the issuer signed with. */
  readonly labels: ReadonlyMap<string, string>;
  /** Places of the mandatory statements among the ones that are shown. */
  readonly mandatoryIndexes: readonly number[];
}

/** `u…` of a base proof. */
export const baseProofText = ({ baseSignature, publicKey, hmacKey, signatures, mandatoryPointers }: BaseProofValue): string =>
  base64urlEncode(concat(BASE, encode([baseSignature, publicKey, hmacKey, signatures, mandatoryPointers])));

/** `u…` of a derived proof. */
export const derivedProofText = ({ baseSignature, publicKey, signatures, labels, mandatoryIndexes }: DerivedProofValue): string => {
  const compressed = new Map([...labels].map(([canonical, label]) => [Number(canonical.replace(/^c14n/, '')), base64urlDecode(label)]));
  return base64urlEncode(concat(DERIVED, encode([baseSignature, publicKey, signatures, compressed, mandatoryIndexes])));
};

/** @returns undefined for anything but a base proof. */
export const baseProofValueOf = (text: string): BaseProofValue | undefined => {
  const [baseSignature, publicKey, hmacKey, signatures, mandatoryPointers, ...more] = partsOf(text, BASE);
  const common = commonOf(baseSignature, publicKey, signatures);
  if (common === undefined || !isBytes(hmacKey, HMAC_BYTES) || !isListOf(mandatoryPointers, isText) || more.length > 0) return undefined;
  return { ...common, hmacKey, mandatoryPointers };
};

/** @returns undefined for anything but a derived proof. */
export const derivedProofValueOf = (text: string): DerivedProofValue | undefined => {
  const [baseSignature, publicKey, signatures, compressed, mandatoryIndexes, ...more] = partsOf(text, DERIVED);
  const common = commonOf(baseSignature, publicKey, signatures);
  const labels = compressed instanceof Map ? labelsOf(compressed) : undefined;
  if (common === undefined || labels === undefined || !isListOf(mandatoryIndexes, isIndex) || more.length > 0) return undefined;
  return { ...common, labels, mandatoryIndexes };
};

/** The ephemeral key of a proof; undefined unless it is P-256. */
export const ephemeralKeyOf = ({ publicKey }: Common): PublicKey | undefined => {
  const key = publicKeyOfMulticodec(publicKey);
  return key?.kind === 'P-256' ? key : undefined;
};

const partsOf = (text: string, tag: Uint8Array): readonly unknown[] => {
  const bytes = base64urlDecode(text);
  if (bytes === undefined || !sameBytes(bytes.subarray(0, tag.length), tag)) return [];
  try {
    const parts: unknown = decode(bytes.subarray(tag.length), { useMaps: true, strict: true, rejectDuplicateMapKeys: true });
    return Array.isArray(parts) ? parts : [];
  } catch {
    // cborg throws on whatever is no CBOR, and a stranger's proof may be anything.
    return [];
  }
};

const commonOf = (baseSignature: unknown, publicKey: unknown, signatures: unknown): Common | undefined =>
  isBytes(baseSignature, SIGNATURE_BYTES) && isBytes(publicKey, MULTICODEC_P256_BYTES) && isListOf(signatures, isSignature)
    ? { baseSignature, publicKey, signatures }
    : undefined;

const labelsOf = (compressed: ReadonlyMap<unknown, unknown>): ReadonlyMap<string, string> | undefined => {
  const entries = [...compressed].flatMap(([place, label]) =>
    isIndex(place) && isBytes(label, HMAC_BYTES) ? [[`c14n${place}`, base64urlEncode(label)] as const] : [],
  );
  return entries.length === compressed.size ? new Map(entries) : undefined;
};

const isBytes = (value: unknown, length: number): value is Uint8Array => value instanceof Uint8Array && value.length === length;
const isSignature = (value: unknown): value is Uint8Array => isBytes(value, SIGNATURE_BYTES);
const isText = (value: unknown): value is string => typeof value === 'string';
const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isListOf = <T>(value: unknown, is: (element: unknown) => element is T): value is readonly T[] =>
  Array.isArray(value) && value.every((element) => is(element));
