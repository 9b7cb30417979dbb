import { importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { clrCredential } from '#openbadges/clr-credential.ts';
import { signedJwt } from '#openbadges/jwt-proof.ts';
import { emailIdentifier } from '#openbadges/recipient.ts';
import { aSignedBadge, BASE, DID, NOW_MS } from './a-badge.ts';
import { clrFacts } from './a-clr.ts';
import { rsaKey } from './jwt-keys.ts';

describe('a learner record', () => {
  it('holds the chosen badges as they were published, each with its own proof', async () => {
    const facts = await clrFacts();
    const { credentialSubject } = clrCredential(facts);
    expect(credentialSubject.verifiableCredential).toEqual(facts.badges);
    expect(credentialSubject.verifiableCredential.map(({ proof }) => proof.length)).toEqual([1, 1]);
    expect(credentialSubject.association).toEqual([
      { type: 'Association', associationType: 'isPartOf', sourceId: `${BASE}/a/sample/1.2.0`, targetId: `${BASE}/a/communicator/1.0.0` },
    ]);
  });

  it('never claims to be all there is', async () => {
    expect(clrCredential(await clrFacts()).partial).toBe(true);
  });

  it('is signed as one, and refused once a badge in it is changed', async () => {
    const jwt = await signedJwt(clrCredential(await clrFacts()), rsaKey);
    const key = await importJWK(rsaKey.jwk, 'RS256');
    const { payload } = await jwtVerify(jwt, key, { issuer: DID, currentDate: new Date(NOW_MS) });
    expect(payload).toMatchObject({ type: ['VerifiableCredential', 'ClrCredential'], jti: payload.id });
    const [head, body = '', signature] = jwt.split('.');
    const changed = Buffer.from(body, 'base64url').toString('utf8').replace('Data Storytelling', 'Data Storyteller!');
    await expect(jwtVerify(`${head}.${Buffer.from(changed).toString('base64url')}.${signature}`, key)).rejects.toThrow();
  });

  it('says no more than it was told', async () => {
    const [badge] = (await clrFacts()).badges;
    const { badges: _, associations: __, description: ___, validUntil: ____, ...bare } = await clrFacts();
    const record = clrCredential({ ...bare, subject: { id: 'urn:uuid:1' }, badges: badge === undefined ? [] : [badge] });
    for (const absent of ['description', 'validUntil']) expect(record).not.toHaveProperty(absent);
    for (const absent of ['identifier', 'association']) expect(record.credentialSubject).not.toHaveProperty(absent);
  });

  it('lets its holder prove to be meant', async () => {
    const identifier = emailIdentifier('learner@example.org', 'a salt of this record');
    const { credentialSubject } = clrCredential({ ...(await clrFacts()), subject: { id: 'urn:uuid:1', identifier } });
    expect(credentialSubject.identifier).toEqual([identifier]);
  });

  it.each([
    ['no badge', async () => ({ badges: [], associations: [] })],
    ['one badge twice', async () => ({ badges: [await aSignedBadge(), await aSignedBadge()] })],
    [
      'an association of an achievement that is not in it',
      async () => ({
        associations: [{ associationType: 'precedes', sourceId: `${BASE}/a/x/1`, targetId: `${BASE}/a/sample/1.2.0` } as const],
      }),
    ],
  ])('is not made with %s', async (_, wrong) => {
    const facts = { ...(await clrFacts()), ...(await wrong()) };
    expect(() => clrCredential(facts)).toThrow(RangeError);
  });
});
