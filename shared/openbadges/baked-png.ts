/**
 * A badge inside a PNG: the newer generation under `openbadgecredential`, the older under `openbadges`; one image may
 * carry both, so that any reader finds the one it knows.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#png and https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/baking/index.html
 */
import { type PngFault, readPng, writePng } from './png-chunks.ts';
import { type BakedFault, keywordOf, textChunk, textOfChunk } from './png-text.ts';

/** What is baked into an image, or found in it, in either generation. */
export interface Baked {
  /** Open Badges 3.0: JSON with an embedded proof, or a compact JWS. */
  readonly credential?: string | undefined;
  /** Open Badges 2.0: the JSON of an Assertion; in images of others also a compact JWS or an address. */
  readonly assertion?: string | undefined;
}

const KEYWORDS = { credential: 'openbadgecredential', assertion: 'openbadges' } as const satisfies Record<keyof Baked, string>;

const BAKED: ReadonlySet<string | undefined> = new Set(Object.values(KEYWORDS));

/**
 * The image with the badge in it, in place of any that it carried before; every other chunk stays as it is.
 * @throws RangeError if the image is no whole PNG, or a text is one that a PNG cannot hold
 */
export const bakePng = (png: Uint8Array, { credential, assertion }: Baked): Uint8Array => {
  const chunks = readPng(png);
  if (typeof chunks === 'string') throw new RangeError(`cannot bake: ${chunks}`);
  const others = chunks.filter((chunk) => !BAKED.has(keywordOf(chunk)));
  const texts = [
    ...(credential === undefined ? [] : [textChunk(KEYWORDS.credential, credential)]),
    ...(assertion === undefined ? [] : [textChunk(KEYWORDS.assertion, assertion)]),
  ];
  // Behind the header, so that a reader finds them before it has read the picture.
  return writePng([...others.slice(0, 1), ...texts, ...others.slice(1)]);
};

/** What is baked into anyone's PNG; the first of each kind counts, as the standard says. An image without a badge gives neither. */
export const bakedInPng = async (png: Uint8Array): Promise<Baked | { readonly fault: PngFault | BakedFault }> => {
  const chunks = readPng(png);
  if (typeof chunks === 'string') return { fault: chunks };
  const found: { credential?: string; assertion?: string } = {};
  for (const generation of ['credential', 'assertion'] as const) {
    const chunk = chunks.find((candidate) => keywordOf(candidate) === KEYWORDS[generation]);
    const text = chunk && (await textOfChunk(chunk));
    if (typeof text === 'string') return { fault: text };
    if (text !== undefined) found[generation] = text.text;
  }
  return found;
};
