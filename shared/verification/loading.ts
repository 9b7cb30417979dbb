/** What the verifier reads from the web: documents of issuers, keys and lists; and the bytes behind a digest. */
import type { LoadDocument } from '#openbadges/keys/resolve-key.ts';
import type { Web, WebAnswer } from '#shared/ports.ts';

/** The longest document that the verifier reads has two million characters. */
const DOCUMENT_BYTES_MAX = 2 * 1024 * 1024;

/** Thrown where there is no document: with the status of the answer, if there was one. */
class NoDocument extends Error {
  readonly status: number | undefined;
  constructor(answer: WebAnswer) {
    super('no document');
    this.name = 'NoDocument';
    this.status = typeof answer === 'string' ? undefined : answer.status;
  }
}

const bytesOf = (answer: WebAnswer): Uint8Array => {
  if (typeof answer === 'string' || answer.status < 200 || answer.status > 299) throw new NoDocument(answer);
  return answer.bytes;
};

/** A document counts for the address that it was asked at, so no other origin may answer for it. */
export const documentsOf =
  (web: Web): LoadDocument =>
  async (url) => {
    const bytes = bytesOf(await web.get(url, { bytesMax: DOCUMENT_BYTES_MAX, redirects: 'same-origin' }));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    try {
      return JSON.parse(text);
    } catch {
      return text.trim();
    }
  };

/** A digest says what the bytes are, wherever they come from. */
export const bytesFrom =
  (web: Web) =>
  async (url: string): Promise<Uint8Array> =>
    bytesOf(await web.get(url, { bytesMax: DOCUMENT_BYTES_MAX, redirects: 'anywhere' }));
