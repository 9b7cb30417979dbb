/**
 * The web as a verifier may ask it on a stranger's word: public addresses over https only, each looked at before it is
 * connected to, redirects too; few, small and soon over. Implements the port `OpenWeb`.
 */
import type { OpenWeb, Web, WebAnswer, WebTerms } from '#shared/ports.ts';
import { type Destination, type DestinationNeeds, destinationOf, systemResolve } from './destination.ts';
import { type Exchanged, exchange } from './exchange.ts';

export interface GuardedWebNeeds extends Pick<DestinationNeeds, 'loopback'> {
  readonly resolve?: DestinationNeeds['resolve'];
  /** Of one document with all its redirects. */
  readonly documentMsMax?: number;
  /** Of everything that one request needs. */
  readonly requestMsMax?: number;
}

const DOCUMENT_MS_MAX = 5_000;

/** Leaves time to finish what was begun just before, some seconds for the largest document, and to answer before the end of the function at 29 seconds. */
const REQUEST_MS_MAX = 15_000;

const REDIRECTS_MAX = 3;

/** More than any badge with its issuer, keys, lists and endorsements needs: one request must not become a flood elsewhere. */
const DOCUMENTS_MAX = 64;

/** Each request to a deployment opens the web for itself, with a time and a number of documents of its own. */
export const guardedWeb =
  ({ loopback, resolve = systemResolve, documentMsMax = DOCUMENT_MS_MAX, requestMsMax = REQUEST_MS_MAX }: GuardedWebNeeds): OpenWeb =>
  (): Web => {
    const end = AbortSignal.timeout(requestMsMax);
    const endMs = performance.now() + requestMsMax;
    // By the clock: while a document is canonicalised no timer goes off, and no signal is given.
    const isOver = (): boolean => performance.now() >= endMs;
    let documents = 0;
    return {
      isOver,
      get: async (url, terms) => {
        documents += 1;
        if (isOver() || documents > DOCUMENTS_MAX) return 'unreachable';
        const signal = AbortSignal.any([end, AbortSignal.timeout(documentMsMax)]);
        return follow(url, { ...terms, signal, needs: { loopback, resolve }, redirectsLeft: REDIRECTS_MAX });
      },
    };
  };

interface Following extends WebTerms {
  readonly signal: AbortSignal;
  readonly needs: DestinationNeeds;
  readonly redirectsLeft: number;
}

const follow = async (address: string, following: Following): Promise<WebAnswer> => {
  const { signal, needs } = following;
  const destination = await unlessAborted(destinationOf(address, needs), signal);
  if (destination === 'aborted') return 'unreachable';
  if (destination === undefined) return 'refused';
  const answer = await exchange(destination, following).catch(() => undefined);
  if (answer === undefined) return 'unreachable';
  return answer.redirectTo === undefined ? answer : redirected(destination, answer, following);
};

/** Where a document stands is part of what it says, so that most may not be answered from another origin. */
const redirected = async (
  { url }: Destination,
  { redirectTo }: Extract<Exchanged, { redirectTo: string }>,
  following: Following,
): Promise<WebAnswer> => {
  const next = URL.parse(redirectTo, url.href);
  const isAllowed = next !== null && (following.redirects === 'anywhere' || next.origin === url.origin);
  if (!isAllowed || following.redirectsLeft === 0) return 'unreachable';
  const answer = await follow(next.href, { ...following, redirectsLeft: following.redirectsLeft - 1 });
  // Where it leads to is for nobody to learn: a redirect is not the caller's own address.
  return answer === 'refused' ? 'unreachable' : answer;
};

/** Resolving a name cannot be called off, only waited for no longer. */
const unlessAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> => {
  const aborted = new Promise<'aborted'>((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
  return Promise.race([work, aborted]);
};
