/**
 * From the header of a VC-JWT to its key, and whether that key is the issuer's. A key that came with the message, or
 * from an address that the message names, is anybody's until the issuer is seen to publish it.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#joseheader and https://www.w3.org/TR/vc-jose-cose/#using-header-params-claims-key-discovery
 */
import { failed, notChecked, type Outcome, PASSED } from '../check.ts';
import { isObject, type JsonObject, textOf } from '../json-object.ts';
import type { PublicKey } from '../primitives.ts';
import { assertionKeysOf, type PublishedKey } from './controller-document.ts';
import { didWebDocumentUrl } from './did-web-url.ts';
import { isSameKey, publicKeyOfJwk } from './public-jwk.ts';
import { documentUrlOf, type LoadDocument, loadController, resolveKey } from './resolve-key.ts';

export interface JoseKeyNeeds {
  readonly load: LoadDocument;
  readonly nowMs: number;
  /** Whom the payload names as its issuer. */
  readonly issuer: string;
}

/** The key with what is known of its owner, or why there is no key. */
export type JoseKeyFinding = { readonly key: PublicKey; readonly issuer: Outcome } | { readonly proof: Outcome; readonly issuer: Outcome };

export const resolveJoseKey = async ({ kid, jwk }: JsonObject, needs: JoseKeyNeeds): Promise<JoseKeyFinding> => {
  const named = textOf(kid);
  const embedded = jwk === undefined ? undefined : publicKeyOfJwk(jwk);
  if ((kid !== undefined && named === undefined) || (jwk !== undefined && embedded === undefined))
    return nothing(failed('proof/malformed'));
  if (named !== undefined) return withEmbedded(await keyOf(named, needs), embedded);
  return embedded === undefined ? nothing(failed('proof/malformed')) : ownedKey(embedded, undefined, needs);
};

/** A key that came along must be the one that was found by its name. */
const withEmbedded = (found: JoseKeyFinding, embedded: PublicKey | undefined): JoseKeyFinding =>
  'key' in found && embedded !== undefined && !isSameKey(found.key, embedded) ? nothing(failed('proof/wrong-key')) : found;

const nothing = (proof: Outcome, issuer: Outcome = notChecked('issuer/not-confirmed')): JoseKeyFinding => ({ proof, issuer });

const keyOf = async (kid: string, needs: JoseKeyNeeds): Promise<JoseKeyFinding> => {
  if (!/^[a-z][a-z\d+.-]*:/i.test(kid)) return keyNamed(kid, needs);
  const key = await jwkAt(kid, needs);
  return key === undefined ? methodAt(kid, needs) : ownedKey(key, kid, needs);
};

/** By a web address that answers a JWK, or a set of them of which the part after `#` names one. */
const jwkAt = async (kid: string, { load, nowMs }: JoseKeyNeeds): Promise<PublicKey | undefined> => {
  const [base = '', fragment] = kid.split('#');
  if (documentUrlOf(base) !== base) return undefined;
  const document = await load(base).catch(() => undefined);
  const keys = isObject(document) && isJwks(document) ? assertionKeysOf(document, nowMs) : [];
  const isSingle = keys.length === 1 && fragment === undefined;
  return (isSingle ? keys[0] : keys.find(isCalled(kid)))?.key;
};

/** By the address of a verification method, in the document of whoever controls it. */
const methodAt = async (kid: string, needs: JoseKeyNeeds): Promise<JoseKeyFinding> => {
  const { controller, finding } = await resolveKey(kid, { ...needs, purpose: 'assertionMethod' });
  const isIssuer = controller === needs.issuer;
  if ('outcome' in finding) return nothing(finding.outcome, isIssuer ? unconfirmed(finding.outcome) : undefined);
  return isIssuer ? { key: finding.key, issuer: PASSED } : ownedKey(finding.key, kid, needs);
};

const isJwks = ({ kty, keys }: JsonObject): boolean => kty !== undefined || keys !== undefined;

const unconfirmed = (outcome: Outcome): Outcome => {
  const code = outcome.state === 'not-checked' ? outcome.code : undefined;
  if (code === 'proof/key-unsupported') return notChecked('issuer/unsupported');
  return code === 'proof/key-unreachable' ? notChecked('issuer/unreachable') : notChecked('issuer/not-confirmed');
};

/** By a name that only the issuer's own document can explain. */
const keyNamed = async (kid: string, { load, nowMs, issuer }: JoseKeyNeeds): Promise<JoseKeyFinding> => {
  const found = await loadController(issuer, load);
  if ('obstacle' in found) return nothing(...obstacleOf(found.obstacle));
  const key = assertionKeysOf(found.document, nowMs).find(isCalled(kid))?.key;
  return key === undefined ? nothing(failed('proof/key-not-published'), PASSED) : { key, issuer: PASSED };
};

const obstacleOf = (obstacle: 'unsupported' | 'unreachable' | 'another'): readonly [proof: Outcome, issuer: Outcome] => {
  switch (obstacle) {
    case 'unsupported':
      return [notChecked('proof/key-unsupported'), notChecked('issuer/unsupported')];
    case 'unreachable':
      return [notChecked('proof/key-unreachable'), notChecked('issuer/unreachable')];
    case 'another':
      return [failed('proof/key-not-published'), failed('issuer/not-the-key-holder')];
  }
};

const isCalled =
  (kid: string) =>
  ({ names }: PublishedKey): boolean =>
    names.includes(kid) || names.includes(kid.split('#').at(-1) ?? kid);

/** A key found by its address or in the message: is it the issuer's? */
const ownedKey = async (key: PublicKey, kid: string | undefined, { load, nowMs, issuer }: JoseKeyNeeds): Promise<JoseKeyFinding> => {
  if (kid !== undefined && isBeneath(kid, issuer)) return { key, issuer: PASSED };
  const found = await loadController(issuer, load);
  const isPublished = 'document' in found && assertionKeysOf(found.document, nowMs).some((published) => isSameKey(published.key, key));
  if (isPublished) return { key, issuer: PASSED };
  // On one host, but not where only this issuer could have put it: many issuers may share the host.
  if (kid !== undefined && originOf(kid) !== undefined && originOf(kid) === originOf(issuer))
    return { key, issuer: notChecked('issuer/not-confirmed') };
  return { key, issuer: 'obstacle' in found ? obstacleOf(found.obstacle)[1] : failed('issuer/not-the-key-holder') };
};

/** The web address whose owner speaks for an identifier: its own, or that of the folder with its did.json. */
const addressOf = (id: string): string | undefined => {
  const document = didWebDocumentUrl(id);
  if (document !== undefined) return document.replace(/\/(\.well-known\/)?did\.json$/, '');
  return documentUrlOf(id) === id ? id.replace(/[/#?]+$/, '') : undefined;
};

const isBeneath = (url: string, issuer: string): boolean => {
  const address = addressOf(issuer);
  // Parsed, since dots in a path would lead out of it.
  const href = URL.canParse(url) ? new URL(url).href : '';
  return address !== undefined && ['/', '#', '?'].some((separator) => href.startsWith(address + separator));
};

const originOf = (id: string): string | undefined => {
  const address = addressOf(id);
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;
};
