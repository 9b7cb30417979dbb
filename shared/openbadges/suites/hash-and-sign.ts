/**
 * The suites whose signature is over two hashes: of the proof's options, then of the document.
 * @see https://www.w3.org/TR/vc-data-integrity/#transformations and #hashing
 */
import type { Canonize } from '#linked-data/canonicalize.ts';
import { jcs } from '../jcs.ts';
import { base58btcDecode } from '../multibase.ts';
import { concat, digest, type KeyKind, verifySignature } from '../primitives.ts';
import type { SigningSuite, SuiteName, Unsigned } from './suite.ts';

/** Length of a signature, in bytes, by the kind of key. */
const SIGNATURE_BYTES: Readonly<Record<KeyKind, number>> = { Ed25519: 64, 'P-256': 64, 'P-384': 96, 'P-521': 132, RSA: 256 };

export interface SuiteFacts {
  readonly name: SuiteName;
  readonly keys: readonly KeyKind[];
  /** RDF canonical form of what is said, or canonical form of the JSON itself. */
  readonly form: 'rdfc' | 'jcs';
}

/** A suite of that kind; its signature is written in base58-btc. */
export const hashAndSign = ({ name, keys, form }: SuiteFacts): SigningSuite => {
  const canonicalTexts = form === 'rdfc' ? statements : jsonTexts;
  const signedBytes: SigningSuite['signedBytes'] = async (unsigned, { canonize, kind }) => {
    // A hash no weaker than the curve. https://www.w3.org/TR/vc-di-ecdsa/#algorithms
    const algorithm = kind === 'P-384' ? 'sha384' : 'sha256';
    const [options, document] = await canonicalTexts(unsigned, (value) => canonize(value, algorithm));
    return concat(await digest(algorithm, options), await digest(algorithm, document));
  };
  return {
    name,
    keys,
    signsStatements: form === 'rdfc',
    signedBytes,
    verify: async ({ proofValue, ...unsigned }, { canonize, key }) => {
      const signature = base58btcDecode(proofValue);
      if (signature?.length !== SIGNATURE_BYTES[key.kind]) return 'malformed';
      if (form === 'jcs' && !startsWithContext(unsigned)) return 'not-genuine';
      const data = await signedBytes(unsigned, { canonize, kind: key.kind });
      return (await verifySignature(key, data, signature)) ? 'genuine' : 'not-genuine';
    },
  };
};

type CanonicalTexts = (unsigned: Unsigned, canonize: Canonize) => Promise<readonly [options: string, document: string]>;

const statements: CanonicalTexts = async ({ document, options }, canonize) => {
  const config = { ...options, '@context': document['@context'] };
  return [await canonize(config), await canonize(document)];
};

// The proof repeats the context that the document had when it was signed; a later proof may have added to the document's.
const jsonTexts: CanonicalTexts = async ({ document, options }) => {
  const { '@context': context } = options;
  return [jcs(options), jcs(context === undefined ? document : { ...document, '@context': context })];
};

const startsWithContext = ({ document, options }: Unsigned): boolean => {
  if (options['@context'] === undefined) return true;
  const [signed, present] = [options['@context'], document['@context']].map((context) =>
    (Array.isArray(context) ? context : [context]).map(jcs),
  );
  return signed?.every((context, place) => present?.[place] === context) ?? false;
};
