/** Signs exactly what was frozen when the award rule came true. The signature is checked before it is kept. */
import { dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { kmsSign, SigningRefused } from '#adapters/kms/issuer-keys.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { awarded } from '#domain/award.ts';
import { failed, signed } from '#domain/credential.ts';
import type { EventDraft } from '#domain/events.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { createCanonicalizer } from '#linked-data/canonicalize.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { signedBadge } from '#openbadges/signed-badge.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Cause, Clock, CredentialRecord, Credentials, Enrolments, Loaded, Sign } from '#shared/ports.ts';

interface Needs {
  readonly credentials: Credentials;
  readonly enrolments: Enrolments;
  readonly sign: Sign;
  readonly clock: Clock;
}

type Earned = EventOf<'credential.earned'>;

const canonize = createCanonicalizer({ contexts: CONTEXTS });

/** A key that was disabled or deleted will not come back by trying again: the credential says so, and its message is done. */
const sealedOrFailed = async (
  { sign, clock }: Needs,
  { value }: Loaded<CredentialRecord>,
): Promise<
  { after: CredentialRecord; type: 'credential.issued' } | { after: CredentialRecord; type: 'credential.failed'; reason: string }
> => {
  const { credential, frozen } = value;
  try {
    const document = await signedBadge(JSON.parse(frozen), {
      canonize,
      signer: (bytes) => sign(credential.keyArn, bytes),
      verificationMethod: credential.verificationMethod,
      created: credential.earnedAt,
    });
    return { after: { credential: signed(credential, clock()), frozen, document }, type: 'credential.issued' };
  } catch (error) {
    if (!(error instanceof SigningRefused)) throw error;
    return { after: { credential: failed(credential, error.code), frozen }, type: 'credential.failed', reason: error.code };
  }
};

const issue = (needs: Needs, { data, meta }: Earned, cause: Cause): Promise<void> =>
  untilSaved(async () => {
    const before = await needs.credentials.load(meta.tenant, data.credentialId);
    if (before === undefined) throw new Error(`credential ${data.credentialId} is gone`);
    if (before.value.document !== undefined) return;
    const result = await sealedOrFailed(needs, before);
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
    if (before === undefined || credential?.value.document === undefined) return;
    const after = awarded(before.value);
    if (after !== before.value) await needs.enrolments.save({ before, after, events: [], cause });
  });

/** Ed25519 is deterministic and the document frozen, so a run that is cut off and repeated signs the same bytes; the table keeps the first. */
export const onCredentialEarned = (needs: Needs) => async (event: Earned, cause: Cause) => {
  await issue(needs, event, cause);
  await close(needs, event, cause);
};

export const handler = onEvent('on-credential-earned', ['credential.earned'], () => {
  const needs = { clock: systemClock, newId: randomId };
  return onCredentialEarned({
    credentials: dynamodbCredentials(needs),
    enrolments: dynamodbEnrolments(needs),
    sign: kmsSign,
    clock: systemClock,
  });
});
