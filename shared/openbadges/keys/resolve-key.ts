/**
 * From the name of a key to the key, through the document of whoever controls it. Documents come only from the loader
 * that is handed in; did:key needs none.
 * @see https://www.w3.org/TR/cid-1.0/#retrieve-verification-method
 */
import { failed, notChecked, type Outcome } from '../check.ts';
import { isObject, type JsonObject, textOf } from '../json-object.ts';
import { type KeyFinding, keyOfMethod, type ProofPurpose } from './controller-document.ts';
import { didKeyDocument } from './did-key.ts';
import { didWebDocumentUrl } from './did-web-url.ts';

/**
 * Answers what is at an address: a JSON value, or text where it is no JSON (a compact JWS). Rejects if there is no
 * answer; where the answer was "410 Gone" the rejection has `status: 410`, or the JSON that came with it is answered.
 */
export type LoadDocument = (url: string) => Promise<unknown>;

export interface KeyNeeds {
  readonly load: LoadDocument;
  readonly nowMs: number;
  readonly purpose: ProofPurpose;
}

/** The document of an issuer, a holder or a key, or why there is none. */
export type ControllerFinding = { readonly document: JsonObject } | { readonly obstacle: 'unsupported' | 'unreachable' | 'another' };

/** `another`: the address answers with a document of someone else. */
export const loadController = async (id: string, load: LoadDocument): Promise<ControllerFinding> => {
  const local = didKeyDocument(id);
  if (local !== undefined) return { document: local };
  const url = documentUrlOf(id);
  if (url === undefined) return { obstacle: 'unsupported' };
  const document = await load(url).catch(() => undefined);
  if (!isObject(document)) return { obstacle: 'unreachable' };
  return document.id === id ? { document } : { obstacle: 'another' };
};

/** Where the document of an identifier is; undefined for a did:key, for other DID methods, and for a plain http address off this machine. */
export const documentUrlOf = (id: string): string | undefined => (isTrustworthyUrl(id) ? id : didWebDocumentUrl(id));

// Keys over plain http could be anyone's on the way; on one machine there is no way.
const isTrustworthyUrl = (id: string): boolean =>
  URL.canParse(id) &&
  (id.startsWith('https:') || (id.startsWith('http:') && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(id).hostname)));

/** A key with the identifier of who controls it. */
export type ResolvedKey = { readonly controller: string; readonly finding: KeyFinding };

/** The key that a proof's `verificationMethod` names. */
export const resolveKey = async (method: string, needs: KeyNeeds): Promise<ResolvedKey> => {
  const [base = '', fragment] = method.split('#');
  if (fragment === undefined) return resolveKeyDocument(method, needs);
  return { controller: base, finding: await keyIn(base, method, needs) };
};

const keyIn = async (controller: string, method: string, needs: KeyNeeds): Promise<KeyFinding> => {
  const found = await loadController(controller, needs.load);
  return 'document' in found ? keyOfMethod(found.document, method, needs) : { outcome: obstacleOf(found.obstacle) };
};

// Without a fragment the address is the method's own document, which names its controller; only that one can vouch for it.
const resolveKeyDocument = async (method: string, needs: KeyNeeds): Promise<ResolvedKey> => {
  const found = await loadController(method, needs.load);
  if ('obstacle' in found) return { controller: method, finding: { outcome: obstacleOf(found.obstacle) } };
  const controller = textOf(found.document.controller);
  if (controller === undefined) return { controller: method, finding: keyOfMethod(found.document, method, needs) };
  return { controller, finding: await keyIn(controller, method, needs) };
};

const obstacleOf = (obstacle: 'unsupported' | 'unreachable' | 'another'): Outcome => {
  switch (obstacle) {
    case 'unsupported':
      return notChecked('proof/key-unsupported');
    case 'unreachable':
      return notChecked('proof/key-unreachable');
    case 'another':
      return failed('proof/key-not-published');
  }
};
