/**
 * Open Badges 2.0: the badge as a hosted Assertion, for readers that know no newer form. It is believed because it
 * answers at its own address, and withdrawn by what it answers there.
 * @see https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html#Assertion
 */
import type { EvidenceFacts, FrozenCredential } from './achievement-credential.ts';
import { badgeClassUrl, OPEN_BADGES_2, OPEN_BADGES_2_SUFFIX } from './badge-class.ts';
import { present } from './present.ts';
import { identityHash } from './recipient.ts';

/** The address of a badge's Assertion, which is also its id. */
export const assertionUrl = (credentialUrl: string): string => `${credentialUrl}${OPEN_BADGES_2_SUFFIX}`;

/** Who the badge is about, as a hash in every case. */
export interface RecipientIdentity {
  readonly type: 'email' | 'url';
  readonly hashed: true;
  readonly salt?: string;
  readonly identity: string;
}

export interface AssertionEvidence {
  readonly id?: string;
  readonly name: string;
  readonly narrative?: string;
  readonly description?: string;
  readonly genre?: string;
}

export interface Assertion {
  readonly '@context': typeof OPEN_BADGES_2;
  readonly type: 'Assertion';
  readonly id: string;
  readonly recipient: RecipientIdentity;
  readonly badge: string;
  readonly image: string;
  readonly verification: { readonly type: 'HostedBadge' };
  readonly issuedOn: string;
  readonly expires?: string;
  readonly evidence?: readonly AssertionEvidence[];
}

export const assertion = (frozen: FrozenCredential): Assertion => {
  const { id, achievement, subject, awardedDate, validUntil, evidence } = frozen;
  return present({
    '@context': OPEN_BADGES_2,
    type: 'Assertion',
    id: assertionUrl(id),
    recipient: recipientOf(subject),
    badge: badgeClassUrl(achievement.id),
    image: `${id}.png`,
    verification: { type: 'HostedBadge' },
    issuedOn: awardedDate,
    expires: validUntil,
    evidence: evidence.length > 0 ? evidence.map(evidenceOf) : undefined,
  });
};

/** Without an e-mail address there is only the pseudonym; its hash says no less and keeps to the form that readers expect. */
const recipientOf = ({ id, identifier }: FrozenCredential['subject']): RecipientIdentity =>
  identifier === undefined
    ? { type: 'url', hashed: true, identity: identityHash(id, '') }
    : { type: 'email', hashed: true, salt: identifier.salt, identity: identifier.identityHash };

// In this generation the id of evidence is the address of its page; evidence that nobody may open has none.
const evidenceOf = ({ id, name, narrative, description, genre }: EvidenceFacts): AssertionEvidence =>
  present({ id: /^https?:/.test(id) ? id : undefined, name, narrative, description, genre });

export interface WithdrawnAssertion {
  readonly '@context': typeof OPEN_BADGES_2;
  readonly type: 'Assertion';
  readonly id: string;
  readonly revoked: true;
  readonly revocationReason?: string;
}

/**
 * What the Assertion's address answers from then on, with status 410. This generation knows no suspension: on hold is
 * withdrawn until the Assertion itself stands there again.
 */
export const withdrawnAssertion = (credentialUrl: string, reason?: string | undefined): WithdrawnAssertion =>
  present({ '@context': OPEN_BADGES_2, type: 'Assertion', id: assertionUrl(credentialUrl), revoked: true, revocationReason: reason });
