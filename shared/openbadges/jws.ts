/**
 * JSON Web Signatures in compact form, read from strangers.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
import { CHARS_MAX, measure } from './bounds.ts';
import { isObject, type JsonObject } from './json-object.ts';
import { fromBase64url, type KeyKind, type PublicKey, textOfUtf8, utf8, verifySignature } from './primitives.ts';

/** Algorithms that are accepted, each with its one kind of key: `none` and shared secrets cannot be asked for. RFC 7518, RFC 8037, RFC 9864. */
const ALGORITHMS: Readonly<Record<string, KeyKind>> = {
  RS256: 'RSA',
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
};

export interface Jws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  /** What was signed: both parts as they were sent. */
  readonly signedText: string;
  readonly signature: Uint8Array;
}

const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/** @returns undefined for what is no compact JWS with an object as header and one as payload, within bounds. */
export const jwsOf = (text: string): Jws | undefined => {
  if (text.length > CHARS_MAX) return undefined;
  const [, head = '', body = '', tail = ''] = COMPACT.exec(text) ?? [];
  const [header, payload, signature] = [jsonOf(head), jsonOf(body), fromBase64url(tail)];
  if (header === undefined || payload === undefined || signature === undefined) return undefined;
  return { header, payload, signedText: `${head}.${body}`, signature };
};

const jsonOf = (part: string): JsonObject | undefined => {
  const bytes = fromBase64url(part);
  const text = bytes && textOfUtf8(bytes);
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isObject(value) && measure(value) === 'within' ? value : undefined;
  } catch {
    // A stranger's bytes need not be JSON.
    return undefined;
  }
};

/** `unsupported`: an algorithm that is not accepted here. `wrong-key`: the key is not of the algorithm's kind. */
export type JwsVerdict = 'genuine' | 'not-genuine' | 'unsupported' | 'wrong-key';

/** Whether the key signed it, by the algorithm that the header names. */
export const verifyJws = async ({ header, signedText, signature }: Jws, key: PublicKey): Promise<JwsVerdict> => {
  if (!isSupported(header)) return 'unsupported';
  if (ALGORITHMS[String(header.alg)] !== key.kind) return 'wrong-key';
  return (await verifySignature(key, utf8(signedText), signature)) ? 'genuine' : 'not-genuine';
};

/** Whether the header asks for nothing but an algorithm that is understood: `crit` and `b64` change what is signed. */
export const isSupported = ({ alg, crit, b64 }: JsonObject): boolean =>
  typeof alg === 'string' && Object.hasOwn(ALGORITHMS, alg) && crit === undefined && b64 === undefined;
