/** How the OpenID provider behaves: one public client, code with PKCE, tokens with the claims of Cognito. */
import type { Configuration, KoaContextWithOIDC, ResourceServer } from 'oidc-provider';
import { InvalidTarget } from 'oidc-provider/lib/helpers/errors.js';
import type { IdentityKeys } from './identity-keys.ts';
import { memoryAdapter } from './memory-adapter.ts';
import { MOUNT, SIGN_IN } from './own-addresses.ts';
import { messagePage, signedOutPage, signOutPage } from './pages.ts';
import { claimsOf, GROUPS_CLAIM, type Person } from './person.ts';
import { AUDIENCE, CLIENT_ID, TOKEN_SECONDS } from './tokens.ts';

/** As infra/constructs/identity.ts sets it for Cognito. */
const REFRESH_SECONDS = 30 * 24 * 60 * 60;
const SIGN_IN_SECONDS = 60 * 60;
/** RFC 6749, 4.1.2: ten minutes at most; the browser brings it back at once. */
const CODE_SECONDS = 60;

const API = 'urn:assay:api';
const API_SERVER: ResourceServer = {
  scope: '',
  audience: AUDIENCE,
  accessTokenTTL: TOKEN_SECONDS,
  accessTokenFormat: 'jwt',
  jwt: { sign: { alg: 'RS256' } },
};

export interface ProviderNeeds {
  readonly keys: IdentityKeys;
  readonly issuer: string;
  readonly baseUrl: string;
  readonly people: readonly Person[];
  readonly person: (sub: string | undefined) => Person | undefined;
  readonly ownOrigins: readonly string[];
}

export const providerConfiguration = ({ keys, baseUrl, person, ownOrigins }: ProviderNeeds): Configuration => ({
  adapter: memoryAdapter(),
  jwks: { keys: [keys.signing] },
  clients: [
    {
      client_id: CLIENT_ID,
      client_name: 'Assay',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [`${baseUrl}/app/callback`],
      post_logout_redirect_uris: [`${baseUrl}/`],
    },
  ],
  clientAuthMethods: ['none'],
  responseTypes: ['code'],
  scopes: ['openid', 'email', 'profile'],
  claims: { openid: ['sub', GROUPS_CLAIM], email: ['email'], profile: ['name'] },
  pkce: { required: () => true },
  // Cookies of 127.0.0.1 are seen by all its ports: names of our own keep them apart from those of other programs.
  cookies: {
    keys: keys.cookies,
    names: { session: 'assay.session', interaction: 'assay.sign-in', resume: 'assay.resume' },
    long: { path: MOUNT },
  },
  interactions: { url: (_context, { uid }) => `${SIGN_IN}/${uid}` },
  findAccount: (_context, sub) => {
    const found = person(sub);
    return found && { accountId: sub, claims: () => ({ sub, ...claimsOf(found) }) };
  },
  extraTokenClaims: (_context, token) => {
    const found = 'accountId' in token ? person(token.accountId) : undefined;
    return found && claimsOf(found);
  },
  loadExistingGrant: grantAll,
  // Cognito gives one at every sign-in, unasked.
  issueRefreshToken: () => true,
  clientBasedCORS: (_context, origin) => ownOrigins.includes(origin),
  ttl: {
    AccessToken: TOKEN_SECONDS,
    IdToken: TOKEN_SECONDS,
    AuthorizationCode: CODE_SECONDS,
    RefreshToken: REFRESH_SECONDS,
    Session: REFRESH_SECONDS,
    Grant: REFRESH_SECONDS,
    Interaction: SIGN_IN_SECONDS,
  },
  features: features(),
  renderError: (context, { error, error_description }) => {
    context.type = 'html';
    context.body = messagePage('This did not work', `${error}: ${error_description ?? 'no more is known'}`);
  },
});

const features = (): NonNullable<Configuration['features']> => ({
  devInteractions: { enabled: false },
  // Access tokens are for the API, so this endpoint would refuse them; the ID token says it all.
  userinfo: { enabled: false },
  dPoP: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  revocation: { enabled: true, allowedPolicy: (_context, client, token) => client.clientId === token.clientId },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => API,
    useGrantedResource: () => true,
    getResourceServerInfo: (_context, resource) => {
      if (resource !== API) throw new InvalidTarget();
      return API_SERVER;
    },
  },
  rpInitiatedLogout: {
    enabled: true,
    logoutSource: (context, form) => {
      context.body = signOutPage(form);
    },
    postLogoutSuccessSource: (context) => {
      context.body = signedOutPage();
    },
  },
});

/** The one client is ours, so there is nobody to consent to. */
const grantAll = async ({ oidc }: KoaContextWithOIDC) => {
  const { client, session, provider } = oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  const grant =
    (known && (await provider.Grant.find(known))) || new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid email profile');
  await grant.save();
  return grant;
};
