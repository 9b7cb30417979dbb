/** The examples that the specifications give, before the whole verifier. */
import { readdirSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#openbadges/json-object.ts';
import { verifyCredential } from '#openbadges/verify.ts';
import { isCredential } from '#openbadges/verify-data-model.ts';
import type { VerificationNeeds } from '#openbadges/verify-run.ts';
import { loaderOf } from '../openbadges/a-badge.ts';
import { canonize } from '../openbadges/signers.ts';
import { hasStandards, standardsJson } from './standards-data.ts';

const EXAMPLES = 'fixtures/ob3-spec-examples';
const ISSUER = 'https://example.edu/issuers/565049';
const METHOD = `${ISSUER}#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi`;

/** The specification shows the key and leaves its publication to the reader. */
const profile = {
  id: ISSUER,
  type: ['Profile'],
  assertionMethod: [{ id: METHOD, type: 'Multikey', controller: ISSUER, publicKeyMultibase: METHOD.split('#')[1] }],
};

const findings = async (credential: unknown, needs: Partial<VerificationNeeds> = {}) => {
  const load = loaderOf({ [ISSUER]: profile });
  const { verdict, checks } = await verifyCredential(credential, { canonize, load, nowMs: Date.parse('2026-01-01T00:00:00Z'), ...needs });
  return [verdict, ...checks.flatMap((check) => (check.state === 'passed' ? [] : [check.code]))];
};

const files = (folder: string) => (hasStandards ? readdirSync(new URL(`../../../shared/standards/${folder}`, import.meta.url)) : []);

describe.skipIf(!hasStandards)('an example of Open Badges 3.0', () => {
  it('that is signed is valid', async () => {
    expect(await findings(standardsJson(`${EXAMPLES}/linked-data-proof-ob-07-Signed-credential.json`))).toEqual(['valid']);
  });

  it('that is a member of a signed learner record is valid by itself; the record’s context is in no package', async () => {
    const record = standardsJson(`${EXAMPLES}/linked-data-proof-clr-07-Signed-credential.json`);
    expect(await findings(record)).toEqual(['could-not-check', 'proof/unknown-context']);
    expect((await verifyCredential(record, { canonize, load: loaderOf({ [ISSUER]: profile }), nowMs: 0 })).credentials).toHaveLength(1);
    expect(await findings(record.credentialSubject.verifiableCredential[0])).toEqual(['valid']);
  });

  const unsigned = files(EXAMPLES).filter((name) => {
    const { type, proof } = standardsJson(`${EXAMPLES}/${name}`);
    return Array.isArray(type) && type.includes('OpenBadgeCredential') && proof === undefined;
  });
  /** They show one thing each and leave the achievement out, which the official schema does not allow either. */
  const fragments = ['examples-05.json', 'examples-07.json', 'readme-00-Sample-assertion-credential.json'];

  it.each(unsigned)('%s has the shape of a badge if it is a whole one, and no proof', async (name) => {
    const codes = await findings(standardsJson(`${EXAMPLES}/${name}`));
    const isWhole = !fragments.includes(name);
    expect([codes[0], codes.includes('proof/missing'), codes.includes('schema/malformed')]).toEqual(['not-valid', isWhole, !isWhole]);
  });
});

describe.skipIf(!hasStandards)('an example of the W3C data model', () => {
  const FOLDER = 'schemas/vc2/verifiable-credential';
  const schema = () => new Ajv2020({ strict: false }).compile(standardsJson(`${FOLDER}/verifiable-credential-schema.json`));

  it.each(files(FOLDER).filter((name) => name.startsWith('example')))('%s has the same shape for us as for its schema', (name) => {
    const example = standardsJson(`${FOLDER}/${name}`);
    expect([name, schema()(example)]).toEqual([name, true]);
    expect(isCredential(example)).toBe(true);
  });

  const badge = (): JsonObject => standardsJson(`${EXAMPLES}/linked-data-proof-ob-07-Signed-credential.json`);
  it.each([
    { '@context': 'https://www.w3.org/ns/credentials/v2' },
    { '@context': [] },
    { '@context': ['https://www.w3.org/ns/credentials/v1'] },
    { type: ['OpenBadgeCredential'] },
    { type: 7 },
    { issuer: [] },
    { issuer: { name: 'nobody' } },
    { credentialSubject: 'someone' },
    { credentialSubject: {} },
    { credentialSubject: [] },
    { credentialStatus: { id: 'https://example.org/1' } },
    { credentialSchema: { type: 'JsonSchema' } },
    { refreshService: { type: 'Refresh' } },
    { refreshService: 'https://example.org/' },
    { termsOfUse: {} },
    { evidence: 'seen' },
    { validFrom: 'yesterday' },
    { validUntil: '2026-01-01' },
  ])('with %j is refused by us as by its schema', (changes) => {
    expect(schema()({ ...badge(), ...changes })).toBe(false);
    expect(isCredential({ ...badge(), ...changes })).toBe(false);
  });

  it.each([
    { relatedResource: 'https://example.org/' },
    { relatedResource: [{ digestSRI: 'sha256-AAAA' }] },
    { relatedResource: [{ id: 'https://example.org/' }] },
    { relatedResource: [{ id: 'https://example.org/', digestSRI: 7 }] },
    { relatedResource: [1, 2].map(() => ({ id: 'https://example.org/', digestSRI: 'sha256-AAAA' })) },
    { id: 'not an address' },
    { id: ['https://example.org/'] },
    { name: { '@value': 'A', lang: 'en' } },
    { name: [] },
    { '@context': ['https://www.w3.org/ns/credentials/v2', 7] },
    { '@context': ['https://www.w3.org/ns/credentials/v2', {}] },
    { '@context': ['https://www.w3.org/ns/credentials/v2', { end: 'https://www.w3.org/2018/credentials#validUntil' }] },
    { '@context': ['https://www.w3.org/2018/credentials/v1'] },
  ])('with %j is refused by us, though its schema says nothing', (changes) => {
    expect(isCredential({ ...badge(), ...changes })).toBe(false);
  });

  it.each([
    { name: { '@value': 'A', '@language': 'en', '@direction': 'ltr' } },
    {
      description: [
        { '@value': 'A', '@language': 'en' },
        { '@value': 'B', '@language': 'de' },
      ],
    },
    { '@context': ['https://www.w3.org/ns/credentials/v2', { mine: 'https://example.org/mine' }] },
    { id: undefined },
    { '@context': 'https://www.w3.org/2018/credentials/v1', issuanceDate: '2020-01-01T00:00:00Z' },
  ])('with %j is accepted', (changes) => expect(isCredential({ ...badge(), ...changes })).toBe(true));
});
