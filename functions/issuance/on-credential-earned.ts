/**
 * Signs exactly what was frozen when the award rule came true, in both signed forms, under the keys that sign now. Asked
 * for again it signs only if other keys have taken over since. Every signature is checked before it is kept.
 */
import { dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { kmsSign, kmsSignDigest, SigningRefused } from '#adapters/kms/issuer-keys.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { awarded } from '#domain/award.ts';
import { failed, type Signatures, signed, wantsSignature } from '#domain/credential.ts';
import type { EventDraft } from '#domain/events.ts';
import type { TenantId } from '#domain/ids.ts';
import { activeKey, type IssuerKey } from '#domain/issuer.ts';
import { activated } from '#domain/key-rotation.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { createCanonicalizer } from '#linked-data/canonicalize.ts';
import { issuerPath } from '#openbadges/addresses.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { signedForms } from '#openbadges/signed-badge.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type {
  Cause,
  Clock,
  CredentialRecord,
  Credentials,
  Enrolments,
  Issuers,
  Loaded,
  Sign,
  SignDigest,
  SignedForms,
} from '#shared/ports.ts';

interface Needs {
  readonly credentials: Credentials;
  readonly enrolments: Enrolments;
  readonly issuers: Issuers;
  readonly sign: Sign;
  readonly signDigest: SignDigest;
  readonly clock: Clock;
  readonly publicBaseUrl: string;
}

type Earned = EventOf<'credential.earned' | 'credential.reissue_requested'>;

interface Keys {
  readonly proof: IssuerKey;
  readonly jwt: IssuerKey;
}

const canonize = createCanonicalizer({ contexts: CONTEXTS });

const keysOf = async ({ issuers, clock }: Needs, tenant: TenantId): Promise<Keys> => {
  const issuer = await issuers.load(tenant);
  if (issuer === undefined) throw new Error(`issuer ${tenant} is gone`);
  const now = activated(issuer.value, clock());
  return { proof: activeKey(now, 'data-integrity'), jwt: activeKey(now, 'jwt') };
};

const formsOf = ({ sign, signDigest, publicBaseUrl }: Needs, { credential, frozen }: CredentialRecord, keys: Keys): Promise<SignedForms> =>
  signedForms(JSON.parse(frozen), {
    canonize,
    issuerUrl: `${publicBaseUrl}${issuerPath(credential.tenant)}`,
    keys,
    created: credential.earnedAt,
    sign: (bytes) => sign(keys.proof.arn, bytes),
    signDigest: (digest) => {
      if (keys.jwt.algorithm === 'EdDSA') throw new Error(`${keys.jwt.id} signs no VC-JWT`);
      return signDigest({ arn: keys.jwt.arn, algorithm: keys.jwt.algorithm }, digest);
    },
  });

type Sealed =
  | { readonly after: CredentialRecord; readonly type: 'credential.issued' }
  | { readonly after: CredentialRecord; readonly type: 'credential.failed'; readonly reason: string };

/** A key that was disabled or deleted will not come back by trying again: the credential says so, and its message is done. */
const sealedOrFailed = async (needs: Needs, { value }: Loaded<CredentialRecord>, keys: Keys): Promise<Sealed> => {
  const { credential, frozen } = value;
  const signedWith: Signatures = { proof: keys.proof.id, jwt: keys.jwt.id };
  try {
    const forms = await formsOf(needs, value, keys);
    return { after: { credential: signed(credential, signedWith, needs.clock()), frozen, forms }, type: 'credential.issued' };
  } catch (error) {
    if (!(error instanceof SigningRefused)) throw error;
    return { after: { ...value, credential: failed(credential, error.code) }, type: 'credential.failed', reason: error.code };
  }
};

const issue = (needs: Needs, { data: { credentialId, enrolmentId }, meta }: Earned, cause: Cause): Promise<void> =>
  untilSaved(async () => {
    const before = await needs.credentials.load(meta.tenant, credentialId);
    if (before === undefined) throw new Error(`credential ${credentialId} is gone`);
    const keys = await keysOf(needs, meta.tenant);
    if (!wantsSignature(before.value.credential, { proof: keys.proof.id, jwt: keys.jwt.id })) return;
    const result = await sealedOrFailed(needs, before, keys);
    const data = { credentialId, enrolmentId };
    const told: EventDraft =
      result.type === 'credential.issued' ? { type: result.type, data } : { type: result.type, data: { ...data, reason: result.reason } };
    await needs.credentials.save({ before, after: result.after, events: [told], cause });
  });

const close = (needs: Needs, { data, meta }: Earned, cause: Cause): Promise<void> =>
  untilSaved(async () => {
    const [credential, before] = await Promise.all([
      needs.credentials.load(meta.tenant, data.credentialId),
      needs.enrolments.load(meta.tenant, data.enrolmentId),
    ]);
    if (before === undefined || credential?.value.forms === undefined) return;
    const after = awarded(before.value);
    if (after !== before.value) await needs.enrolments.save({ before, after, events: [], cause });
  });

/** A first signing that is told twice, or cut off and repeated, keeps the first that was saved: nothing is published before. */
export const onCredentialEarned = (needs: Needs) => async (event: Earned, cause: Cause) => {
  await issue(needs, event, cause);
  await close(needs, event, cause);
};

export const handler = onEvent('on-credential-earned', ['credential.earned', 'credential.reissue_requested'], () => {
  const needs = { clock: systemClock, newId: randomId };
  return onCredentialEarned({
    credentials: dynamodbCredentials(needs),
    enrolments: dynamodbEnrolments(needs),
    issuers: dynamodbIssuers(needs),
    sign: kmsSign,
    signDigest: kmsSignDigest,
    clock: systemClock,
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  });
});
