import { describe, expect, it } from 'vitest';
import { encodeList, STATUS_LIST_BITS, statusListCredential } from '#openbadges/bitstring-status-list.ts';
import { CREDENTIALS_V1 } from '#openbadges/contexts.ts';
import { jcs } from '#openbadges/jcs.ts';
import { DID, ISSUED_AT, LIST_URL, signed } from './a-badge.ts';
import { badge, findings, signedWith } from './verified.ts';

const bits = (entryBits: number, values: Readonly<Record<number, number>>) => {
  const bytes = new Uint8Array((STATUS_LIST_BITS * entryBits) / 8);
  for (const [index, value] of Object.entries(values)) {
    for (let bit = 0; bit < entryBits; bit += 1) {
      const place = Number(index) * entryBits + bit;
      if ((value >> (entryBits - 1 - bit)) & 1) bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (0x80 >> (place & 7));
    }
  }
  return bytes;
};

const entry = { ...badge.credentialStatus, statusListIndex: '7' };
const listOf = (purpose: string, bytes: Uint8Array) => {
  const list = statusListCredential({ id: LIST_URL, issuer: DID, purpose: 'revocation', bytes, validFrom: ISSUED_AT });
  return signed({ ...list, credentialSubject: { ...list.credentialSubject, statusPurpose: purpose } });
};

describe('a status of several bits', () => {
  it.each([
    ['revocation', 'not-valid', 'status/revoked'],
    ['suspension', 'not-valid', 'status/suspended'],
    ['https://example.org/withdrawn', 'not-valid', 'status/raised'],
    ['message', 'could-not-check', 'status/message'],
    ['refresh', 'could-not-check', 'status/message'],
  ])('for %s is %s once it is not zero', async (statusPurpose, verdict, code) => {
    const statusMessage = ['0x0', '0x1', '0x2', '0x3'].map((status) => ({ status, message: `says ${status}` }));
    const more = statusPurpose === 'message' ? { statusMessage } : {};
    const credential = await signedWith({ credentialStatus: { ...entry, statusPurpose, statusSize: 2, ...more } });
    const files = { [LIST_URL]: await listOf(statusPurpose, bits(2, { 7: 2 })) };
    expect(await findings(credential, { files })).toEqual([verdict, `status: ${code}`]);
    expect(await findings(credential, { files: { [LIST_URL]: await listOf(statusPurpose, bits(2, { 6: 3, 8: 1 })) } })).toEqual(['valid']);
  });

  it('in several entries is as bad as the worst', async () => {
    const other = `${LIST_URL}/holds`;
    const held = { ...entry, id: `${other}#7`, statusListCredential: other, statusPurpose: 'suspension' };
    const credential = await signedWith({ credentialStatus: [entry, held] });
    const holds = { ...(await listOf('suspension', bits(1, { 7: 1 }))) };
    const { proof: _, ...unsigned } = { ...holds, id: other };
    const files = { [LIST_URL]: await listOf('revocation', bits(1, {})), [other]: await signed(unsigned) };
    expect(await findings(credential, { files })).toEqual(['not-valid', 'status: status/suspended']);
    expect(await findings(credential, { files: { [LIST_URL]: files[LIST_URL] } })).toEqual([
      'could-not-check',
      'status: status/unreachable',
    ]);
    const many = await signedWith({
      credentialStatus: Array.from({ length: 9 }, (_unused, index) => ({ ...entry, id: `${LIST_URL}#n${index}` })),
    });
    expect(await findings(many)).toEqual(['not-valid', 'status: status/malformed']);
  });
});

describe('a StatusList2021', () => {
  const contexts = [...badge['@context'], 'https://w3id.org/vc/status-list/2021/v1'];
  const older = { ...entry, type: 'StatusList2021Entry' };
  const list = (raised: Readonly<Record<number, number>>) =>
    signed({
      '@context': [CREDENTIALS_V1, 'https://w3id.org/vc/status-list/2021/v1', 'https://w3id.org/security/data-integrity/v2'],
      id: LIST_URL,
      type: ['VerifiableCredential', 'StatusList2021Credential'],
      issuer: DID,
      issuanceDate: ISSUED_AT,
      credentialSubject: {
        id: `${LIST_URL}#list`,
        type: 'StatusList2021',
        statusPurpose: 'revocation',
        encodedList: encodeList(bits(1, raised)).slice(1),
      },
    });

  it('is read like its successor', async () => {
    const credential = await signedWith({ '@context': contexts, credentialStatus: older });
    expect(await findings(credential, { files: { [LIST_URL]: await list({ 8: 1 }) } })).toEqual(['valid']);
    expect(await findings(credential, { files: { [LIST_URL]: await list({ 7: 1 }) } })).toEqual(['not-valid', 'status: status/revoked']);
    expect(await findings(credential, { files: { [LIST_URL]: await listOf('revocation', bits(1, {})) } })).toEqual([
      'could-not-check',
      'status: status/list-not-genuine',
    ]);
  });
});

describe('a revocation list of 1EdTech', () => {
  const address = 'https://assay.example/i/harbour/revocations.json';
  const credential = signedWith({ credentialStatus: { id: address, type: '1EdTechRevocationList' } });
  const list = { id: address, issuer: DID, revokedCredential: [{ id: 'https://assay.example/c/other', revoked: true }] };
  const own = { id: badge.id, revoked: true, revocationReason: 'issued in error' };

  it('is read from where the badge says', async () => {
    expect(await findings(await credential, { files: { [address]: list } })).toEqual(['valid']);
    for (const revokedCredential of [[...list.revokedCredential, own], own, badge.id]) {
      expect(await findings(await credential, { files: { [address]: { ...list, revokedCredential } } })).toEqual([
        'not-valid',
        'status: status/revoked',
      ]);
    }
    expect(
      await findings(await credential, { files: { [address]: { ...list, revokedCredential: [{ ...own, revoked: false }] } } }),
    ).toEqual(['valid']);
    const { revokedCredential, ...rest } = list;
    expect(await findings(await credential, { files: { [address]: { ...rest, revokedCredentials: [own] } } })).toEqual([
      'not-valid',
      'status: status/revoked',
    ]);
  });

  it.each([
    ['nothing', undefined, 'status/unreachable'],
    ['no list', 'revoked', 'status/unreachable'],
    ['another’s list', { ...list, issuer: 'did:web:other.example' }, 'status/list-not-genuine'],
    ['a list of another address', { ...list, id: `${address}/2` }, 'status/list-not-genuine'],
    ['a list of nothing', { id: address, issuer: DID }, 'status/list-not-genuine'],
    ['a list with a proof that is none', { ...list, proof: [{ type: 'DataIntegrityProof' }] }, 'status/list-not-genuine'],
  ])('says nothing if %s answers', async (_, answer, code) => {
    expect(await findings(await credential, { files: answer === undefined ? {} : { [address]: answer } })).toEqual([
      'could-not-check',
      `status: ${code}`,
    ]);
  });

  it('is not asked over plain http, and must have an address', async () => {
    const plain = 'http://assay.example/revocations';
    const open = await signedWith({ credentialStatus: { id: plain, type: '1EdTechRevocationList' } });
    expect(await findings(open, { files: { [plain]: { ...list, id: plain } } })).toEqual(['could-not-check', 'status: status/unreachable']);
    expect(await findings(await signedWith({ credentialStatus: { type: '1EdTechRevocationList' } }))).toEqual([
      'not-valid',
      'status: status/malformed',
    ]);
  });
});

describe('canonical JSON', () => {
  it('is what RFC 8785 shows', () => {
    const value = {
      numbers: [JSON.parse('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(jcs(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    expect(jcs({ '\u20ac': 1, '\r': 2, '\ufb33': 3, 1: 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 })).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    );
  });

  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, '\ud800', () => 1])('has no text for %s', (value) => {
    expect(() => jcs({ value })).toThrow(RangeError);
  });
});
