/** What is built besides the plain badge, against the official JSON Schemas: endorsements, rich badges, records, JWT payloads. */
import { Ajv2019 } from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { clrCredential } from '#openbadges/clr-credential.ts';
import { endorsementCredential } from '#openbadges/endorsement.ts';
import { signedJwt } from '#openbadges/jwt-proof.ts';
import { emailIdentifier } from '#openbadges/recipient.ts';
import { aDefinition, aFrozenCredential, aSignedBadge, SAMPLES } from '../openbadges/a-badge.ts';
import { clrFacts } from '../openbadges/a-clr.ts';
import { aRichCredential, aSignedEndorsement, endorsementFacts } from '../openbadges/an-endorsement.ts';
import { rsaKey } from '../openbadges/jwt-keys.ts';
import { hasStandards, standardsJson } from './standards-data.ts';

const errorsIn = (schema: string, document: object) => {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(standardsJson(`schemas/${schema}`));
  validate(JSON.parse(JSON.stringify(document)));
  return validate.errors ?? [];
};

const BADGE = ['ob3-strict/ob_v3p0_achievementcredential_schema.json', 'ob3-jsonld-adaptation/ob_v3p0_achievementcredential_schema.json'];
const CLR = 'clr2/clr_v2p0_clrcredential_schema.json';

describe.skipIf(!hasStandards)('the official schemas', () => {
  it.each(BADGE)('of %s accept a badge with endorsements, related resources, credits and a refresh service', async (schema) => {
    expect(errorsIn(schema, await aSignedBadge(await aRichCredential()))).toEqual([]);
  });

  it.each(BADGE)('of %s accept what a VC-JWT of each sample says', async (schema) => {
    for (const sample of SAMPLES) {
      const jwt = await signedJwt(achievementCredential(aFrozenCredential({}, aDefinition(sample))), rsaKey);
      expect(errorsIn(schema, decodeJwt(jwt))).toEqual([]);
    }
  });

  it.each(['ob3-jsonld-adaptation/ob_v3p0_endorsementcredential_schema.json', 'clr2/clr_v2p0_endorsementcredential_schema.json'])(
    'of %s accept an endorsement, signed or not',
    async (schema) => {
      expect(errorsIn(schema, await aSignedEndorsement())).toEqual([]);
      expect(errorsIn(schema, endorsementCredential(endorsementFacts()))).toEqual([]);
    },
  );

  it('of the learner record accept ours, and refuse one of nothing', async () => {
    const identifier = emailIdentifier('learner@example.org', 'a salt of this record');
    const record = clrCredential({ ...(await clrFacts()), subject: { id: 'urn:uuid:1', identifier } });
    expect(errorsIn(CLR, decodeJwt(await signedJwt(record, rsaKey)))).toEqual([]);
    expect(errorsIn(CLR, { ...record, credentialSubject: { type: ['ClrSubject'] } })).not.toEqual([]);
  });
});
