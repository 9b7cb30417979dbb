/** The badge and its status list before a verifier that no one here wrote: the W3C suite's reference implementation. */
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential } from '@digitalbazaar/vc';
import { checkStatus, decodeList } from '@digitalbazaar/vc-bitstring-status-list';
import { describe, expect, it } from 'vitest';
import { bitstring, encodeList, STATUS_LIST_BITS } from '#openbadges/bitstring-status-list.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { aDefinition, aDidDocument, aSignedBadge, aSignedList, DID, LIST_URL, NOW_MS, SAMPLES } from '../openbadges/a-badge.ts';

/** What is published, and the parts of the DID document that can be asked for by their own address. */
const loaderOf = (list: object) => {
  const did = aDidDocument();
  const methods = did.verificationMethod.map(
    (method) => [method.id, { '@context': 'https://w3id.org/security/multikey/v1', ...method }] as const,
  );
  const documents = new Map<string, unknown>([...CONTEXTS, [DID, did], [LIST_URL, list], ...methods]);
  return async (url: string) => {
    if (!documents.has(url)) throw new Error(`not published: ${url}`);
    return { contextUrl: null, documentUrl: url, document: structuredClone(documents.get(url)) };
  };
};

const suite = () => new DataIntegrityProof({ cryptosuite });

const verifiedBy = async (credential: object, raised: readonly number[] = []) => {
  const documentLoader = loaderOf(await aSignedList(raised));
  return verifyCredential({ credential: structuredClone(credential), suite: suite(), documentLoader, checkStatus, now: new Date(NOW_MS) });
};

describe('an independent verifier', () => {
  it.each(SAMPLES)('accepts a badge of %s with its status', async (sample) => {
    const { verified, error } = await verifiedBy(await aSignedBadge({}, aDefinition(sample)));
    expect(error).toBeUndefined();
    expect(verified).toBe(true);
  });

  it.each([{ policy: 'none' }, { policy: 'outcome-only' }] as const)(
    'accepts a badge that publishes results as $policy',
    async (results) => {
      expect(await verifiedBy(await aSignedBadge({ results, evidence: [] }))).toMatchObject({ verified: true });
    },
  );

  it('refuses a badge in which one word was changed', async () => {
    const badge = await aSignedBadge();
    expect(await verifiedBy({ ...badge, name: 'Data Storytelling with distinction' })).toMatchObject({ verified: false });
  });

  it('reads the bit of a withdrawn badge, and of no other', async () => {
    const badge = await aSignedBadge();
    const list = await aSignedList([Number(badge.credentialStatus.statusListIndex)]);
    const withdrawn = await checkStatus({ credential: structuredClone(badge), suite: suite(), documentLoader: loaderOf(list) });
    expect(withdrawn).toMatchObject({ verified: true, results: [{ status: true }] });
    const neighbour = await aSignedBadge({ status: { list: LIST_URL, index: 94_568, purpose: 'revocation' } });
    const standing = await checkStatus({ credential: structuredClone(neighbour), suite: suite(), documentLoader: loaderOf(list) });
    expect(standing).toMatchObject({ verified: true, results: [{ status: false }] });
  });

  it('counts the bits of a list as we do, from the first to the last', async () => {
    const raised = [0, 1, 7, 8, 4_711, STATUS_LIST_BITS - 1];
    const list = await decodeList({ encodedList: encodeList(bitstring(raised)) });
    expect(list.length).toBe(STATUS_LIST_BITS);
    expect([...Array(STATUS_LIST_BITS).keys()].filter((index) => list.getStatus(index))).toEqual(raised);
  });
});
