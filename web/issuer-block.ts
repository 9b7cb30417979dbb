/** The issuer as every page tells of it, from the Profile that was signed. */
import type { Profile } from '#openbadges/profile.ts';
import { ENGLISH } from './english.ts';
import { bdi, type Content, facts, html, link, prose } from './html.ts';

const { profile: words } = ENGLISH;

/** Rows about an issuer; `more` stands between them and the contact. */
export const issuerBlock = (
  { id, name, url, email, description, address }: Omit<Profile, 'type'>,
  more: readonly (readonly [string, Content])[] = [],
): Content => [
  facts([
    [words.name, bdi(name)],
    [words.website, url !== undefined && link(url, bdi(url))],
    [
      words.country,
      address && bdi([address.addressRegion, address.addressCountry ?? address.addressCountryCode].filter(Boolean).join(', ')),
    ],
    [words.did, html`<code>${id}</code>`],
    ...more,
    [words.contact, email !== undefined && link(`mailto:${email}`, bdi(email))],
  ]),
  description !== undefined && prose(description),
];

/** The domain that vouches for a did:web, as a person reads it. */
export const domainOf = (did: string): string => decodeURIComponent(did.split(':')[2] ?? did);
