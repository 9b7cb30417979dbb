/**
 * The JWT authorizer of an HTTP API: the token's signature, issuer, audience and times are checked against the OpenID provider's keys.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
import { createLocalJWKSet, type JWK, type JWTPayload, jwtVerify } from 'jose';

export interface Authorized {
  /** As Lambda gets them: every claim is text, a list is `[a b]`. */
  readonly claims: Readonly<Record<string, string>>;
  readonly scopes: readonly string[] | null;
}

/** @returns undefined for a token that is absent or not to be trusted: the caller is told nothing more */
export type Authorizer = (authorization: string | undefined) => Promise<Authorized | undefined>;

const claimText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const audiences = ({ aud, client_id: clientId }: JWTPayload): readonly unknown[] => (aud === undefined ? [clientId] : [aud].flat());

/** The word `Bearer` may be left out. */
const tokenIn = (authorization = ''): string | undefined => /^(?:Bearer )?([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];

/** `jose` looks at `exp` and `nbf` of its own accord. */
const isIssued = ({ iat }: JWTPayload, nowMs: number): boolean => iat === undefined || iat * 1000 <= nowMs;

export interface JwtAuthorizerOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: () => { readonly keys: readonly JWK[] };
}

export const jwtAuthorizer = ({ issuer, audience, jwks }: JwtAuthorizerOptions): Authorizer => {
  const keys = createLocalJWKSet({ keys: [...jwks().keys] });
  return async (authorization) => {
    const token = tokenIn(authorization);
    if (token === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ['RS256', 'RS384', 'RS512'], requiredClaims: ['exp'] });
      if (!audiences(payload).includes(audience) || !isIssued(payload, Date.now())) return undefined;
      const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ') : null;
      return { claims: Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, claimText(value)])), scopes };
    } catch {
      return undefined;
    }
  };
};
