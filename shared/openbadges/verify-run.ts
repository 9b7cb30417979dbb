/**
 * One verification from its outside: what its caller hands in, and the bounds that hold over all that it reads on the
 * way, however deep endorsements lie in one another.
 */
import { CanonicalizationError, type Canonize } from '#linked-data/canonicalize.ts';
import type { Check, Verdict } from './check.ts';
import type { JsonObject } from './json-object.ts';
import type { LoadDocument } from './keys/resolve-key.ts';

/** What kind of credential is expected: badges with what belongs to them, an endorsement, or whatever the W3C data model allows. */
export type Accepted = 'open-badges' | 'endorsement' | 'any-credential';

export interface VerificationNeeds {
  readonly canonize: Canonize;
  readonly load: LoadDocument;
  /** Answers the very bytes at an address, for digests; absent, related resources are not checked. */
  readonly loadBytes?: ((url: string) => Promise<Uint8Array>) | undefined;
  /** Instant of the verification, milliseconds since 1970. */
  readonly nowMs: number;
  /** Asks whether the badge is about whoever has this address; absent, nobody asked. */
  readonly recipientEmail?: string | undefined;
  /** Badges unless said otherwise. */
  readonly accept?: Accepted | undefined;
  /** Only for test vectors whose keys are not their issuer's: a genuine proof by anyone at all then passes. */
  readonly issuerBinding?: 'required' | 'not-required' | undefined;
}

export interface Verification {
  readonly verdict: Verdict;
  /** In the order in which they were made; what there was nothing to check about is left out. */
  readonly checks: readonly Check[];
  /** What the issuer's refresh service answered in place of the credential; status, dates and the rest are then about this one. */
  readonly refreshed?: JsonObject;
  /** Of each embedded or referenced endorsement. */
  readonly endorsements?: readonly Verification[];
  /** Of each credential of a presentation or of a learner record. */
  readonly credentials?: readonly Verification[];
}

/** Documents and keys that one verification may fetch, all endorsements together. */
const LOADS_MAX = 64;

/** Credentials that one verification may look at: itself, endorsements, members of a record. */
const CREDENTIALS_MAX = 64;

/**
 * Canonical text that one verification may compute, in characters: some ten of the largest documents that are read.
 * The work grows with the text, and endorsements may be fetched from anywhere.
 */
const CANONICAL_CHARS_MAX = 8_000_000;

/** An endorsement of an endorser's endorser is the last that is followed. */
const DEPTH_MAX = 3;

export interface Run extends VerificationNeeds {
  readonly depth: number;
  /** Verifies a credential that was found inside this one; undefined once that would be too deep or too many. */
  readonly verifyInner: (submitted: unknown, accept: Accepted) => Promise<Verification> | undefined;
}

/** A run at its start. Addresses are asked once each, and a document's canonical form is computed once. */
export const startRun = (needs: VerificationNeeds, verifyWithin: (submitted: unknown, run: Run) => Promise<Verification>): Run => {
  const shared: VerificationNeeds = { ...needs, load: sparing(needs.load), canonize: once(needs.canonize) };
  let credentials = 1;
  const runAt = (depth: number, accept: Accepted | undefined): Run => ({
    ...shared,
    ...(accept === undefined ? {} : { accept }),
    depth,
    verifyInner: (submitted, innerAccept) => {
      credentials += 1;
      if (depth >= DEPTH_MAX || credentials > CREDENTIALS_MAX) return undefined;
      return verifyWithin(submitted, { ...runAt(depth + 1, innerAccept), recipientEmail: undefined });
    },
  });
  return runAt(0, needs.accept);
};

const sparing = (load: LoadDocument): LoadDocument => {
  const answers = new Map<string, Promise<unknown>>();
  return async (url) => {
    const known = answers.get(url);
    if (known !== undefined) return known;
    if (answers.size >= LOADS_MAX) throw new RangeError(`more than ${LOADS_MAX} documents`);
    const answer = load(url);
    answers.set(url, answer);
    return answer;
  };
};

// A proof set signs one document many times.
const once = (canonize: Canonize): Canonize => {
  const texts = new WeakMap<object, Map<string, Promise<string>>>();
  let chars = 0;
  const counted: Canonize = async (document, hash) => {
    if (chars > CANONICAL_CHARS_MAX) throw new CanonicalizationError('too-complex');
    const text = await canonize(document, hash);
    chars += text.length;
    return text;
  };
  return async (document, hash = 'sha256') => {
    const byHash = texts.get(document) ?? new Map<string, Promise<string>>();
    const text = byHash.get(hash) ?? counted(document, hash);
    texts.set(document, byHash.set(hash, text));
    return text;
  };
};
