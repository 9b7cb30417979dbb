/** The awarding body as a definition names it; the Profile of Open Badges 3.0 is made from it. */
import * as z from 'zod';
import { CountryCode, EmailAddress, Identifier, line, prose, WebAddress } from './text.ts';

/** Where it is seated; only the country is compulsory (EU Council Recommendation 2022/C 243/02, Annex I). */
const Address = z.strictObject({
  addressCountryCode: CountryCode,
  addressCountry: line(100).exactOptional(),
  addressRegion: line(100).exactOptional(),
  addressLocality: line(100).exactOptional(),
  postalCode: line(20).exactOptional(),
  streetAddress: line(200).exactOptional(),
});

const ParentOrganization = z.strictObject({
  name: line(200),
  id: Identifier.exactOptional(),
  url: WebAddress.exactOptional(),
});

/** A registration elsewhere, such as an Erasmus code or a GLN. */
const OtherIdentifier = z.strictObject({ identifier: line(200), identifierType: line(60) });

/** Who recognises the issuer, and as what. */
const Accreditation = z.strictObject({ name: line(200), accreditor: line(200), url: WebAddress.exactOptional() });

/** An organisation that awards. `id` is the name by which definitions and the registered issuer find each other, so it never changes. */
export const IssuerProfile = z.strictObject({
  id: Identifier,
  name: line(200),
  url: WebAddress.exactOptional(),
  email: EmailAddress.exactOptional(),
  description: prose(1000).exactOptional(),
  address: Address,
  parentOrg: ParentOrganization.exactOptional(),
  otherIdentifier: z.array(OtherIdentifier).max(20).exactOptional(),
  accreditations: z.array(Accreditation).max(20).exactOptional(),
});
export type IssuerProfile = z.infer<typeof IssuerProfile>;

const Colour = z.string().regex(/^#[0-9a-f]{6}$/i, { error: 'must be a colour of the form "#rrggbb", such as "#0b5c73"' });

/** What the operator registers: how an issuer's badges look is its own to say once, and not that of each definition. */
export const RegisteredProfile = z.strictObject({
  ...IssuerProfile.shape,
  /** Of the badges whose image is drawn from then on. */
  brandColour: Colour.exactOptional(),
});
export type RegisteredProfile = z.infer<typeof RegisteredProfile>;
