/**
 * A badge inside an SVG: `<openbadges:credential>` first, and beside it the older generation's `<openbadges:assertion>`.
 * Both use one prefix for two namespaces, so the older one declares its own.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#svg and https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/baking/index.html
 */
import type { Baked } from './baked-png.ts';
import { objectOf, textOf } from './json-object.ts';
import { SVG_CHARS_MAX, type SvgAttribute, SvgError, type SvgFault, type SvgTag, tagsIn, wordsOf } from './svg-markup.ts';

const NAMESPACES = { credential: 'https://purl.imsglobal.org/ob/v3p0', assertion: 'http://openbadges.org' } as const;

const ELEMENTS = { credential: 'openbadges:credential', assertion: 'openbadges:assertion' } as const satisfies Record<keyof Baked, string>;

const DECLARATION = 'xmlns:openbadges';

const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * The image with the badge in it, in place of any that it carried before; the rest stays as it is.
 * @throws RangeError if it is no SVG, or a text is neither JSON nor a compact JWS
 */
export const bakeSvg = (svg: string, { credential, assertion }: Baked): string => {
  const { root, baked } = partsOf(svg);
  const elements = [
    credential === undefined ? '' : credentialElement(credential),
    assertion === undefined ? '' : assertionElement(assertion),
  ].join('');
  const rest = without(svg, root.end, baked);
  const body = root.kind === 'empty' ? `${elements}</${root.name}>${rest}` : elements + rest;
  return svg.slice(0, root.start) + declaredRoot(svg, root) + body;
};

const credentialElement = (text: string): string =>
  COMPACT_JWS.test(text)
    ? `<${ELEMENTS.credential} verify="${text}"></${ELEMENTS.credential}>`
    : `<${ELEMENTS.credential}>${cdata(text)}</${ELEMENTS.credential}>`;

/** A hosted Assertion is named by its own address. */
const assertionElement = (text: string): string => {
  const id = COMPACT_JWS.test(text) ? text : (textOf(objectOf(parsed(text))?.id) ?? '');
  const body = COMPACT_JWS.test(text) ? '' : cdata(text);
  return `<${ELEMENTS.assertion} ${DECLARATION}="${NAMESPACES.assertion}" verify="${attributeText(id)}">${body}</${ELEMENTS.assertion}>`;
};

/**
 * JSON as a CDATA section. `]]>` and the two characters that XML has no place for can only stand inside a JSON string,
 * where an escape means the same: so even a reader that looks for the first `]]>` gets the whole.
 */
const cdata = (json: string): string => {
  parsed(json);
  if (!json.isWellFormed()) throw new RangeError('half a character has no place in an SVG');
  const escaped = json.replaceAll(']]>', ']]\\u003e').replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff');
  return `<![CDATA[${escaped}]]>`;
};

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new RangeError('a badge is baked as JSON or as a compact JWS', { cause });
  }
};

const attributeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** The opening tag of the image, open, with the newer namespace behind the prefix. */
const declaredRoot = (svg: string, { start, end, attributes, name }: SvgTag): string => {
  const declared: SvgAttribute | undefined = attributes.find((attribute) => attribute.name === DECLARATION);
  const before = svg.slice(start, end).replace(/\s*\/?>$/, '');
  const kept = declared === undefined ? before : before.slice(0, declared.start - start).trimEnd() + before.slice(declared.end - start);
  return `${kept.slice(0, name.length + 1)} ${DECLARATION}="${NAMESPACES.credential}"${kept.slice(name.length + 1)}>`;
};

interface Element {
  readonly name: string;
  readonly verify: string | undefined;
  /** What stands between its tags. */
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

interface Parts {
  readonly root: SvgTag;
  readonly baked: readonly Element[];
}

const without = (svg: string, from: number, elements: readonly Element[]): string => {
  const ends = [from, ...elements.map(({ end }) => end)];
  const starts = [...elements.map(({ start }) => start), svg.length];
  return ends.map((end, place) => svg.slice(end, starts[place])).join('');
};

/** @throws RangeError if it cannot be read */
const partsOf = (svg: string): Parts => {
  const parts = readSvg(svg);
  if (typeof parts === 'string') throw new RangeError(`cannot bake: ${parts}`);
  return parts;
};

const readSvg = (svg: string): Parts | SvgFault => {
  try {
    const tags = tagsIn(svg);
    const root = tags.next().value;
    if (root === undefined || !/^(\w+:)?svg$/.test(root.name) || root.kind === 'close') return 'not-svg';
    return { root, baked: [...elementsAmong(tags, svg)] };
  } catch (error) {
    if (error instanceof SvgError) return error.fault;
    throw error;
  }
};

const NAMES: ReadonlySet<string> = new Set(Object.values(ELEMENTS));

function* elementsAmong(tags: Generator<SvgTag, void>, svg: string): Generator<Element, void> {
  for (const tag of tags) if (tag.kind !== 'close' && NAMES.has(tag.name)) yield elementFrom(tag, tags, svg);
}

const elementFrom = ({ kind, name, attributes, start, end }: SvgTag, following: Generator<SvgTag, void>, svg: string): Element => {
  const verify = attributes.find((attribute) => attribute.name === 'verify')?.value;
  if (kind === 'empty') return { name, verify, content: '', start, end };
  // Between its tags stands text alone, so the next tag is the closing one.
  const close = following.next().value;
  if (close?.name !== name || close.kind !== 'close') throw new SvgError('malformed');
  return { name, verify, content: svg.slice(end, close.start), start, end: close.end };
};

/** What is baked into anyone's SVG; the first of each kind counts, as the standard says. An image without a badge gives neither. */
export const bakedInSvg = (svg: Uint8Array): Baked | { readonly fault: SvgFault } => {
  if (svg.length > SVG_CHARS_MAX) return { fault: 'too-large' };
  const text = decoded(svg);
  const parts = text === undefined ? 'not-svg' : readSvg(text);
  if (typeof parts === 'string') return { fault: parts };
  try {
    const textIn = (name: string): string | undefined => {
      const element = parts.baked.find((candidate) => candidate.name === name);
      return element && (wordsOf(element.content).trim() || element.verify || undefined);
    };
    return foundOf(textIn(ELEMENTS.credential), textIn(ELEMENTS.assertion));
  } catch (error) {
    if (error instanceof SvgError) return { fault: error.fault };
    throw error;
  }
};

const foundOf = (credential: string | undefined, assertion: string | undefined): Baked => ({
  ...(credential === undefined ? {} : { credential }),
  ...(assertion === undefined ? {} : { assertion }),
});

const decoded = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};
