/**
 * The issuer's Profile, as it stands inside every badge and as a document of its own.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#profile
 */
import { CREDENTIALS_V2, OPEN_BADGES_3 } from './contexts.ts';
import { present } from './present.ts';

export interface ImageFacts {
  readonly id: string;
  readonly caption?: string | undefined;
}

/** What a profile is made of; `did` is the id that badges name as their issuer. */
export interface IssuerFacts {
  readonly did: string;
  readonly name: string;
  readonly url?: string | undefined;
  readonly email?: string | undefined;
  readonly description?: string | undefined;
  readonly image?: ImageFacts | undefined;
  readonly address?:
    | {
        /** ISO 3166-1 alpha-2. */
        readonly addressCountryCode: string;
        readonly addressRegion?: string | undefined;
        readonly addressCountry?: string | undefined;
      }
    | undefined;
}

/** Both schema flavours want the `type` of an Image as a plain string. */
export interface Image {
  readonly id: string;
  readonly type: 'Image';
  readonly caption?: string;
}

export interface Profile {
  readonly id: string;
  readonly type: readonly ['Profile'];
  readonly name: string;
  readonly url?: string;
  readonly email?: string;
  readonly description?: string;
  readonly image?: Image;
  readonly address?: {
    readonly type: readonly ['Address'];
    readonly addressCountryCode: string;
    readonly addressRegion?: string;
    readonly addressCountry?: string;
  };
}

/** Somebody named in passing: only the id is compulsory. */
export interface ProfileMention {
  readonly id: string;
  readonly type: readonly ['Profile'];
  readonly name?: string;
  readonly url?: string;
}

export const imageOf = ({ id, caption }: ImageFacts): Image => present({ id, type: 'Image', caption });

/** The Profile that stands in a badge. */
export const profileOf = ({ did, name, url, email, description, image, address }: IssuerFacts): Profile =>
  present({
    id: did,
    type: ['Profile'],
    name,
    url,
    email,
    description,
    image: image && imageOf(image),
    address: address && addressOf(address),
  });

const addressOf = ({ addressCountryCode, addressRegion, addressCountry }: NonNullable<IssuerFacts['address']>) =>
  present({ type: ['Address'] as const, addressCountryCode, addressRegion, addressCountry });

/** The Profile as a document of its own, under the issuer's address. */
export const profileDocument = (issuer: IssuerFacts): Profile & { readonly '@context': readonly string[] } => ({
  '@context': [CREDENTIALS_V2, OPEN_BADGES_3],
  ...profileOf(issuer),
});
