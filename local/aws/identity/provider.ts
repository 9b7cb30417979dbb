/** The OpenID provider with its way in: loaded at the first sign-in, since it takes longer to load than the rest to start. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider/lib/provider.js';
import { isBelow, MOUNT, SIGN_IN } from './own-addresses.ts';
import { type ProviderNeeds, providerConfiguration } from './provider-configuration.ts';
import { answerSignIn } from './sign-in.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export const openProvider = (needs: ProviderNeeds): Answer => {
  const provider = new Provider(needs.issuer, providerConfiguration(needs));
  allowOwnAddresses(provider, needs.ownOrigins);
  const openId = provider.callback();
  return async (request, response) => {
    const url = request.url ?? '';
    if (url.startsWith(`${SIGN_IN}/`)) return answerSignIn({ ...needs, provider }, request, response);
    // The provider knows its routes without the prefix and reads here what to put before them in addresses.
    Object.assign(request, { baseUrl: MOUNT, url: url.slice(MOUNT.length) || '/' });
    return openId(request, response);
  };
};

/** Any path below the base address, so that the application may change its own; the list that clients are given cannot say so. */
const allowOwnAddresses = ({ Client }: Provider, origins: readonly string[]): void => {
  Client.prototype.redirectUriAllowed = (uri) => isBelow(origins, uri);
  Client.prototype.postLogoutRedirectUriAllowed = (uri) => isBelow(origins, uri);
};
