/** Tokens without a sign-in, the same as the provider makes at the end of one. For scripts, demos and tests on this machine. */
import { createHash, randomUUID, sign } from 'node:crypto';
import type { IdentityKeys } from './identity-keys.ts';
import { claimsOf, type Person } from './person.ts';

export const AUDIENCE = 'assay';
export const CLIENT_ID = 'assay-web';
/** As infra/constructs/identity.ts sets it for Cognito. */
export const TOKEN_SECONDS = 60 * 60;

export interface DevTokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

export interface TokenSource {
  readonly issuer: string;
  readonly keys: IdentityKeys;
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

const signed = ({ privateKey, publicJwk }: IdentityKeys, typ: string, claims: object): string => {
  const input = `${encoded({ alg: publicJwk.alg, typ, kid: publicJwk.kid })}.${encoded(claims)}`;
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url')}`;
};

/** OpenID Connect Core, 3.1.3.6: the left half of the hash. */
const halfHash = (token: string): string => createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');

export const devTokens = ({ issuer, keys }: TokenSource, person: Person): DevTokens => {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { ...claimsOf(person), iss: issuer, sub: person.sub, iat, exp: iat + TOKEN_SECONDS };
  const access_token = signed(keys, 'at+jwt', { ...claims, jti: randomUUID(), aud: AUDIENCE, client_id: CLIENT_ID });
  const id_token = signed(keys, 'JWT', { ...claims, aud: CLIENT_ID, auth_time: iat, at_hash: halfHash(access_token) });
  return { access_token, id_token, token_type: 'Bearer', expires_in: TOKEN_SECONDS };
};
