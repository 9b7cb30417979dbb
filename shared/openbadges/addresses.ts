/** Public addresses: where each thing of a deployment stands below its base address. Keys of hosted files are the same without the leading slash. */
import { didWebOf } from './did-web.ts';

export const issuerPath = (issuer: string): string => `/i/${issuer}`;

/** The issuer's identity: a did:web below the base address, so that whoever controls the domain controls the name. */
export const issuerDid = (publicBaseUrl: string, issuer: string): string => didWebOf(`${publicBaseUrl}${issuerPath(issuer)}`);

export const achievementPath = (issuer: string, microCredential: string, version: string): string =>
  `/a/${issuer}/${microCredential}/${version}`;

/** Where the image drawn for a version stands, as PNG; as SVG it has that suffix. */
export const achievementImageUrl = (achievementUrl: string): string => `${achievementUrl}.png`;

export const credentialPath = (credential: string): string => `/c/${credential}`;

export const statusListPath = (issuer: string, list: number): string => `/s/${issuer}/${list}`;

/** Key of a file in the hosting bucket. */
export const hostedKey = (path: string, suffix: string): string => `${path.slice(1)}${suffix}`;
