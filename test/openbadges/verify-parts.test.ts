import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { digestMultibase } from '#openbadges/multibase.ts';
import { eddsaRdfc2022 } from '#openbadges/suites/eddsa-rdfc-2022.ts';
import { startRun, type VerificationNeeds } from '#openbadges/verify-run.ts';
import { aFrozenCredential, signed } from './a-badge.ts';
import { aBadgeOf, ed25519, signedIn } from './signers.ts';
import { badge, findings, signedWith, small, verified } from './verified.ts';

const endorser = ed25519(31);
const anEndorsement = async (about: string, changes: object = {}, signer = endorser) => {
  const { '@context': contexts } = badge;
  const document = {
    '@context': contexts,
    id: 'https://endorser.example/endorsements/1',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: 'An endorsement',
    issuer: { id: endorser.did, type: ['Profile'], name: 'Quality Agency' },
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: { id: about, type: ['EndorsementSubject'], endorsementComment: 'We have seen how they assess.' },
    ...changes,
  };
  return signedIn(JSON.parse(JSON.stringify(document)), eddsaRdfc2022, signer);
};

describe('an endorsement', () => {
  it('of the badge, its achievement or its issuer is verified with it', async () => {
    const { issuer, credentialSubject: subject } = badge;
    const { achievement } = subject;
    const endorsed = await signedWith({
      endorsement: [await anEndorsement(badge.id)],
      issuer: { ...issuer, endorsement: [await anEndorsement(issuer.id, { id: 'https://endorser.example/endorsements/2' })] },
      credentialSubject: {
        ...subject,
        achievement: {
          ...achievement,
          endorsement: [await anEndorsement(achievement.id, { id: 'https://endorser.example/endorsements/3' })],
        },
      },
    });
    const { verdict, checks, endorsements } = await verified(endorsed);
    expect([verdict, checks.at(-1), endorsements?.map((one) => one.verdict)]).toEqual([
      'valid',
      { name: 'endorsements', state: 'passed' },
      ['valid', 'valid', 'valid'],
    ]);
  });

  it('that is only named is fetched', async () => {
    const endorsement = await anEndorsement(badge.id);
    const { id } = endorsement;
    const named = await signedWith({ endorsement: [{ id, type: ['VerifiableCredential', 'EndorsementCredential'] }] });
    expect(await findings(named, { files: { [String(id)]: endorsement } })).toEqual(['valid']);
    expect(await findings(named)).toEqual(['could-not-check', 'endorsements: endorsements/not-checked']);
    expect(await findings(named, { files: { [String(id)]: { ...endorsement, id: 'https://endorser.example/9' } } })).toEqual([
      'could-not-check',
      'endorsements: endorsements/not-checked',
    ]);
  });

  it('that is not genuine, over, or about another makes the badge not valid', async () => {
    const genuine = await anEndorsement(badge.id);
    const cases = [
      [{ ...genuine, name: 'Changed' }, 'endorsements/not-valid'],
      [await anEndorsement(badge.id, { validUntil: '2026-02-01T00:00:00Z' }), 'endorsements/not-valid'],
      [await anEndorsement(badge.id, {}, ed25519(32)), 'endorsements/not-valid'],
      [await anEndorsement('https://assay.example/c/another'), 'endorsements/about-another'],
      [aBadgeOf(endorser, { id: 'https://endorser.example/badge' }), 'endorsements/not-valid'],
    ] as const;
    for (const [endorsement, code] of cases) {
      const odd = await signedWith({ endorsement: [endorsement] });
      expect(await findings(odd)).toEqual(['not-valid', `endorsements: ${code}`]);
    }
  });

  it('whose own status cannot be read leaves the badge unchecked', async () => {
    const list = 'https://endorser.example/status';
    const credentialStatus = { ...badge.credentialStatus, id: `${list}#1`, statusListCredential: list };
    const doubtful = await signedWith({ endorsement: [await anEndorsement(badge.id, { credentialStatus })] });
    expect(await findings(doubtful)).toEqual(['could-not-check', 'endorsements: endorsements/not-checked']);
  });

  it('is not looked at before the badge itself is genuine', async () => {
    const endorsed = await signedWith({ endorsement: [await anEndorsement(badge.id)] });
    expect(await findings({ ...endorsed, name: 'Changed' })).toEqual([
      'not-valid',
      'proof: proof/not-genuine',
      'status: status/proof-needed',
      'endorsements: endorsements/not-checked',
    ]);
  });

  it('of an endorser of an endorser is followed, but not for ever, nor any number of them', async () => {
    const deep = async (levels: number): Promise<object> => {
      const issuer = { id: endorser.did, type: ['Profile'], name: 'Quality Agency' };
      const inner = levels > 1 ? { issuer: { ...issuer, endorsement: [await deep(levels - 1)] } } : {};
      const about = levels === 5 ? badge.id : endorser.did;
      return anEndorsement(about, { id: `https://endorser.example/endorsements/${levels}`, ...inner });
    };
    const tower = await signedWith({ endorsement: [await deep(5)] });
    expect(await findings(tower)).toEqual(['could-not-check', 'endorsements: endorsements/not-checked']);
    const one = 'https://endorser.example/many';
    const crowd = Array.from({ length: 80 }, (_, index) => ({ id: `${one}/${index}`, type: ['EndorsementCredential'] }));
    const files = Object.fromEntries(await Promise.all(crowd.map(async ({ id }) => [id, await anEndorsement(badge.id, { id })])));
    expect(await findings(await signedWith({ endorsement: crowd }), { files })).toEqual([
      'could-not-check',
      'endorsements: endorsements/not-checked',
    ]);
    const embedded = await Promise.all(crowd.map(({ id }) => anEndorsement(badge.id, { id })));
    expect(await findings(await signedWith({ endorsement: embedded }))).toEqual(['could-not-check', 'endorsements: endorsements/too-many']);
  }, 60_000);

  it('alone can be verified, too', async () => {
    expect(await findings(await anEndorsement(badge.id))).toEqual(['valid']);
  });
});

describe('a refresh service', () => {
  const service = { id: `${badge.id}/refresh`, type: '1EdTechCredentialRefresh' };
  const old = signedWith({ refreshService: service, validUntil: '2026-11-23T13:00:00Z' });

  it('answers with the badge of today, about which the later checks are', async () => {
    expect(await findings(await old)).toEqual(['not-valid', 'refresh: refresh/unreachable', 'validity: validity/expired']);
    const renewed = JSON.parse(JSON.stringify(await signedWith({ refreshService: service })));
    const { verdict, refreshed } = await verified(await old, { files: { [service.id]: renewed } });
    expect([verdict, refreshed]).toEqual(['valid', renewed]);
  });

  it('that fails leaves the badge as it was given, as the standard says', async () => {
    const current = await signedWith({ refreshService: service });
    expect(await findings(current)).toEqual(['valid', 'refresh: refresh/unreachable']);
    const odd = [
      { ...current, name: 'Changed' },
      await signedWith({ refreshService: service, id: 'https://assay.example/c/another' }),
      await signed({ ...achievementCredential(aFrozenCredential({}, small)), type: ['VerifiableCredential'] }),
    ];
    for (const answer of odd)
      expect(await findings(current, { files: { [service.id]: answer } })).toEqual(['valid', 'refresh: refresh/not-genuine']);
  });

  it('of another kind is not asked, nor one over plain http, nor any before the badge is genuine', async () => {
    const other = await signedWith({ refreshService: { ...service, type: 'https://example.org/Refresh' } });
    expect(await findings(other)).toEqual(['valid', 'refresh: refresh/unsupported']);
    const plain = await signedWith({ refreshService: { ...service, id: 'http://assay.example/refresh' } });
    expect(await findings(plain)).toEqual(['valid', 'refresh: refresh/unreachable']);
    expect((await verified({ ...(await old), name: 'Changed' })).checks.map(({ name }) => name)).not.toContain('refresh');
  });
});

describe('a related resource', () => {
  const bytes = new TextEncoder().encode('a picture');
  const id = 'https://assay.example/picture';
  const sri = (name: string) => `${name}-${hash(name, bytes, 'base64')}`;
  const loadBytes: VerificationNeeds['loadBytes'] = async (url) => {
    if (url !== id) throw new Error('no answer');
    return bytes;
  };
  const check = async (relatedResource: object, needs: object = { loadBytes }) =>
    findings(await signedWith({ relatedResource: [relatedResource] }), needs);

  it.each([
    ['SHA-256', { digestSRI: sri('sha256') }],
    ['SHA-384', { digestSRI: sri('sha384') }],
    ['SHA-512 beside a weaker one that is wrong', { digestSRI: `sha256-AAAA ${sri('sha512')}` }],
    ['a multihash', { digestMultibase: digestMultibase(hash('sha256', bytes)) }],
    ['both', { digestSRI: sri('sha256'), digestMultibase: digestMultibase(hash('sha256', bytes)) }],
  ])('is what it was by %s', async (_, digests) => expect(await check({ id, ...digests })).toEqual(['valid']));

  it.each([
    [{ id, digestSRI: 'sha256-AAAA' }, 'not-valid', 'related-resources/different'],
    [{ id, digestSRI: sri('sha256'), digestMultibase: digestMultibase('0'.repeat(64)) }, 'not-valid', 'related-resources/different'],
    [{ id, digestSRI: 'md5-AAAA' }, 'could-not-check', 'related-resources/unsupported'],
    [{ id, digestMultibase: 'uAAAA' }, 'could-not-check', 'related-resources/unsupported'],
    [{ id: 'https://assay.example/gone', digestSRI: sri('sha256') }, 'could-not-check', 'related-resources/unreachable'],
  ])('%j is %s', async (resource, verdict, code) => {
    expect(await check(resource)).toEqual([verdict, `related-resources: ${code}`]);
  });

  it('is not checked without a way to its bytes, and not fetched for a badge that is not genuine', async () => {
    expect(await check({ id, digestSRI: sri('sha256') }, {})).toEqual([
      'could-not-check',
      'related-resources: related-resources/unsupported',
    ]);
    const odd = { ...(await signedWith({ relatedResource: [{ id, digestSRI: sri('sha256') }] })), name: 'Changed' };
    expect(await findings(odd, { loadBytes })).toContain('related-resources: related-resources/unreachable');
  });
});

describe('one verification', () => {
  const runOver = (needs: Partial<VerificationNeeds>) =>
    startRun({ canonize: async () => '', load: async () => ({}), nowMs: 0, ...needs }, async () => ({ verdict: 'valid', checks: [] }));

  it('computes so much canonical text and no more, and none twice', async () => {
    const { canonize } = runOver({ canonize: async () => 'x'.repeat(3_000_000) });
    const [first, ...more] = Array.from({ length: 4 }, () => ({}));
    for (let times = 0; times < 9; times += 1) await canonize(first ?? {});
    await canonize(more[0] ?? {});
    await canonize(more[1] ?? {});
    await expect(canonize(more[2] ?? {})).rejects.toMatchObject({ code: 'too-complex' });
  });

  it('fetches so many documents and no more, and none twice', async () => {
    const asked: string[] = [];
    const { load } = runOver({ load: async (url) => asked.push(url) });
    for (let times = 0; times < 9; times += 1) await load('https://example.org/once');
    for (let number = 1; number < 64; number += 1) await load(`https://example.org/${number}`);
    expect(asked).toHaveLength(64);
    await expect(load('https://example.org/one-more')).rejects.toThrow('more than 64');
  });
});
