/** The identity provider of one machine, where Cognito or any other OpenID issuer stands in the cloud. Below `/oidc` of the public address. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, sendProblem } from './answer.ts';
import { answerDevToken } from './dev-token.ts';
import { type IdentityKeys, openIdentityKeys } from './identity-keys.ts';
import { MOUNT, ownOrigins } from './own-addresses.ts';
import { pagePolicy } from './pages.ts';
import type { Person } from './person.ts';
import type { Answer } from './provider.ts';
import type { ProviderNeeds } from './provider-configuration.ts';
import { AUDIENCE } from './tokens.ts';

export interface Identity {
  /** For requests whose path begins with `/oidc`. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  readonly issuer: string;
  readonly audience: typeof AUDIENCE;
  /** Public keys only. */
  jwks(): { readonly keys: readonly IdentityKeys['publicJwk'][] };
}

export interface IdentityOptions {
  /** Where the keys are kept. */
  readonly folder: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly people: readonly Person[];
}

export const openIdentity = async ({ folder, baseUrl, people }: IdentityOptions): Promise<Identity> => {
  const keys = await openIdentityKeys(folder);
  const issuer = `${baseUrl}${MOUNT}`;
  const origins = ownOrigins(baseUrl);
  const bySub = new Map(people.map((person) => [person.sub, person]));
  const answer = routed({ keys, issuer, baseUrl, people, person: (sub) => bySub.get(sub ?? ''), ownOrigins: origins });
  const policy = pagePolicy(origins);
  const handle: Identity['handle'] = (request, response) => {
    response.setHeader('content-security-policy', policy);
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else sendProblem(response, 500, 'The sign-in failed on our side.');
    });
  };
  return { handle, issuer, audience: AUDIENCE, jwks: () => ({ keys: [keys.publicJwk] }) };
};

const routed = (needs: ProviderNeeds): Answer => {
  const people = needs.people.map(({ sub, name, groups }) => ({ sub, name, groups }));
  let provider: Promise<Answer> | undefined;
  return async (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === `${MOUNT}/dev-token`) return answerDevToken(needs, request, response);
    if (path === `${MOUNT}/people` && request.method === 'GET') return sendJson(response, { people });
    provider ??= import('./provider.ts').then(({ openProvider }) => openProvider(needs));
    return (await provider)(request, response);
  };
};
