/** The verifying part of the W3C's test inputs for VC-JOSE-COSE, as far as it is about JWS. */
import { describe, expect, it } from 'vitest';
import { publicKeyOfJwk } from '#openbadges/keys/public-jwk.ts';
import { verifyJose } from '#openbadges/verify-jose.ts';
import { hasStandards, standardsJson, standardsText } from './standards-data.ts';

const FOLDER = 'vectors/vc-jose-cose';

interface Expected {
  readonly input_file: string;
  readonly key_file: string;
  readonly fn: string;
  readonly expected_result: string;
}

const cases: readonly (readonly [title: string, expected: Expected])[] = hasStandards
  ? Object.entries<Expected>(standardsJson(`${FOLDER}/test-mapping.json`).jose).filter(([, { fn }]) => fn === 'verify')
  : [];

describe.skipIf(!hasStandards)('the known inputs of VC-JOSE-COSE', () => {
  it('are all here', () => expect(cases).toHaveLength(11));

  it.each(cases)('%s', async (_, { input_file, key_file, expected_result }) => {
    const key = publicKeyOfJwk(standardsJson(`${FOLDER}/${key_file}`).publicKeyJwk);
    if (key === undefined) throw new Error(`no key in ${key_file}`);
    const { verdict, checks } = await verifyJose(standardsText(`${FOLDER}/${input_file}`), key);
    expect([verdict === 'valid' ? 'success' : 'failure', checks]).toEqual([expected_result, checks]);
  });
});
