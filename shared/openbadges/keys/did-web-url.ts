/**
 * Where the document of a did:web is.
 * @see https://w3c-ccg.github.io/did-method-web/#read-resolve
 */

const DID_WEB = /^did:web:((?:[A-Za-z0-9.-]|\[|\])+(?:%3A\d+)?)((?::(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+)*)$/;

/** Where a did:web is resolved, always over https; undefined for a text that is no did:web. */
export const didWebDocumentUrl = (did: string): string | undefined => {
  const match = DID_WEB.exec(did);
  if (match === null) return undefined;
  const [, host = '', path = ''] = match;
  const folder = path === '' ? '/.well-known' : path.replaceAll(':', '/');
  return `https://${host.replace('%3A', ':')}${folder}/did.json`;
};
