/** The sign-in page and the choice made on it, between the provider's asking who it is and its going on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InteractionResults } from 'oidc-provider';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { sendPage } from './answer.ts';
import { SIGN_IN } from './own-addresses.ts';
import { messagePage, signInPage } from './pages.ts';
import type { Person } from './person.ts';
import { smallBody } from './request-body.ts';

export interface SignInNeeds {
  readonly provider: Provider;
  readonly people: readonly Person[];
  readonly person: (sub: string | undefined) => Person | undefined;
}

const EXPIRED = messagePage(
  'This sign-in is over',
  'It was finished, took too long, or began in another browser. Go back to where you started and sign in again.',
);
const UNKNOWN = messagePage('Nobody was chosen', 'Go back and choose one of the people on the page.');

export const answerSignIn = async (needs: SignInNeeds, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const open = await openInteraction(needs, request, response);
  if (open === undefined) return sendPage(response, 400, EXPIRED);
  const { provider, people } = needs;
  // There is nobody to consent to: the one client is ours.
  if (open.prompt.name === 'consent') return provider.interactionFinished(request, response, { consent: {} });
  if (request.method !== 'POST') return sendPage(response, 200, signInPage(people, `${SIGN_IN}/${open.uid}`));
  const result = chosen(needs, new URLSearchParams(await smallBody(request)));
  if (result === undefined) return sendPage(response, 400, UNKNOWN);
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
};

/** The cookie says which sign-in this browser is in; undefined if there is none, or another than the address names. */
const openInteraction = async ({ provider }: SignInNeeds, request: IncomingMessage, response: ServerResponse) => {
  try {
    const details = await provider.interactionDetails(request, response);
    return request.url?.split('?', 1)[0] === `${SIGN_IN}/${details.uid}` ? details : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'SessionNotFound') return undefined;
    throw error;
  }
};

const chosen = ({ person }: SignInNeeds, form: URLSearchParams): InteractionResults | undefined => {
  if (form.has('cancel')) return { error: 'access_denied', error_description: 'the person did not sign in' };
  const found = person(form.get('sub') ?? undefined);
  return found && { login: { accountId: found.sub } };
};
