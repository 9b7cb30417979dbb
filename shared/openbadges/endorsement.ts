/**
 * An endorsement: somebody else's signed word about an achievement, an issuer or a badge.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#endorsementcredential
 */
import { type StatusEntry, type StatusPlace, statusEntry } from './bitstring-status-list.ts';
import { CREDENTIALS_V2, OPEN_BADGES_3, OPEN_BADGES_EXTENSIONS } from './contexts.ts';
import { digestMultibase } from './multibase.ts';
import { present } from './present.ts';
import { type IssuerFacts, type Profile, profileOf } from './profile.ts';

export interface EndorsementFacts {
  /** An absolute IRI. */
  readonly id: string;
  /** What it is called in a list: `Endorsement by …`. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Who endorses. */
  readonly issuer: IssuerFacts;
  /** Id of the achievement, the issuer or the badge that is endorsed, and what is said of it; Markdown. */
  readonly subject: { readonly id: string; readonly comment?: string | undefined };
  /** Instants: ISO 8601 with seconds, UTC. */
  readonly validFrom: string;
  readonly validUntil?: string | undefined;
  readonly status?: StatusPlace | undefined;
}

/** An endorsement before it is signed. */
export interface EndorsementCredential {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly type: readonly ['VerifiableCredential', 'EndorsementCredential'];
  readonly name: string;
  readonly description?: string;
  readonly issuer: Profile;
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly credentialSubject: {
    readonly id: string;
    readonly type: readonly ['EndorsementSubject'];
    readonly endorsementComment?: string;
  };
  readonly credentialStatus?: StatusEntry;
  readonly credentialSchema: readonly { readonly id: string; readonly type: string }[];
}

const SCHEMA = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json';

export const endorsementCredential = (facts: EndorsementFacts): EndorsementCredential => {
  const { id, name, description, issuer, subject, validFrom, validUntil, status } = facts;
  return present({
    '@context': [CREDENTIALS_V2, OPEN_BADGES_3, OPEN_BADGES_EXTENSIONS],
    id,
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name,
    description,
    issuer: profileOf(issuer),
    validFrom,
    validUntil,
    credentialSubject: present({ id: subject.id, type: ['EndorsementSubject'], endorsementComment: subject.comment }),
    credentialStatus: status && statusEntry(status),
    credentialSchema: [{ id: SCHEMA, type: '1EdTechJsonSchemaValidator2019' }],
  });
};

/** A document elsewhere that a badge vouches for by its bytes, such as an endorsement that is referenced and not embedded. */
export interface RelatedFacts {
  readonly id: string;
  readonly mediaType: string;
  /** Of the document as it was served: 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** @see https://www.w3.org/TR/vc-data-model-2.0/#integrity-of-related-resources */
export interface RelatedResource {
  readonly id: string;
  readonly mediaType: string;
  readonly digestMultibase: string;
}

/** @throws RangeError if the digest is no SHA-256 */
export const relatedResource = ({ id, mediaType, sha256 }: RelatedFacts): RelatedResource => ({
  id,
  mediaType,
  digestMultibase: digestMultibase(sha256),
});
