/** Every badge against the official JSON Schemas: both flavours of Open Badges 3.0 and the W3C data model. */
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { profileDocument } from '#openbadges/profile.ts';
import { aDefinition, aFrozenCredential, aSignedBadge, aSignedList, issuer, SAMPLES } from '../openbadges/a-badge.ts';
import { hasStandards, standardsJson } from './standards-data.ts';

const OPEN_BADGES = ['ob3-strict', 'ob3-jsonld-adaptation'] as const;

/** `formats` is a CommonJS module, whose default export is wrapped. */
const addFormats = formats.default;

const errorsIn = (flavour: (typeof OPEN_BADGES)[number], kind: 'achievementcredential' | 'profile', document: object) => {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(standardsJson(`schemas/${flavour}/ob_v3p0_${kind}_schema.json`));
  validate(JSON.parse(JSON.stringify(document)));
  return validate.errors ?? [];
};

const dataModelErrors = (document: object) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(standardsJson('schemas/vc2/verifiable-credential/verifiable-credential-schema.json'));
  validate(JSON.parse(JSON.stringify(document)));
  return validate.errors ?? [];
};

describe.skipIf(!hasStandards)('the official schemas', () => {
  describe.each(OPEN_BADGES)('in the flavour %s', (flavour) => {
    it.each(SAMPLES)('accept a signed badge of %s', async (sample) => {
      expect(errorsIn(flavour, 'achievementcredential', await aSignedBadge({}, aDefinition(sample)))).toEqual([]);
    });

    it.each([{ policy: 'none' }, { policy: 'outcome-only' }] as const)(
      'accept a badge that publishes results as $policy',
      async (results) => {
        const badge = await aSignedBadge({ results, evidence: [], validUntil: undefined, source: undefined });
        expect(errorsIn(flavour, 'achievementcredential', badge)).toEqual([]);
      },
    );

    it('accept a badge from an issuer that tells only its name, to a learner without an address', async () => {
      const { did, name } = issuer;
      const frozen = aFrozenCredential({ issuer: { did, name }, subject: { id: 'urn:uuid:2f9d5a52-65b0-4a5c-9d0a-0f5f3b0f6a11' } });
      expect(errorsIn(flavour, 'achievementcredential', await aSignedBadge(frozen))).toEqual([]);
    });

    it('refuse a badge about nobody, so that they are seen to look', async () => {
      const badge = { ...(await aSignedBadge()), credentialSubject: undefined };
      expect(errorsIn(flavour, 'achievementcredential', badge)).not.toEqual([]);
    });
  });

  it('accept the issuer profile', () => {
    expect(errorsIn('ob3-jsonld-adaptation', 'profile', profileDocument(issuer))).toEqual([]);
  });

  it('of the W3C data model accept the badge and the status list', async () => {
    expect(dataModelErrors(await aSignedBadge())).toEqual([]);
    expect(dataModelErrors(await aSignedList())).toEqual([]);
  });
});
