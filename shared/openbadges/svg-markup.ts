/**
 * The tags of an SVG, read in one pass and without a parser's powers: no entity is expanded, nothing is fetched, and a
 * document that defines entities is refused. What a comment or a CDATA section holds is no tag.
 * @see https://www.w3.org/TR/xml/#sec-logical-struct
 */

/** A badge image has some tens of kilobytes, with photographs inside a few megabytes. */
export const SVG_CHARS_MAX = 16 * 1024 * 1024;

export type SvgFault = 'not-svg' | 'too-large' | 'malformed' | 'entities';

/** Thrown while reading; callers answer it as a value. */
export class SvgError extends Error {
  readonly fault: SvgFault;
  constructor(fault: SvgFault) {
    super(fault);
    this.name = 'SvgError';
    this.fault = fault;
  }
}

export interface SvgAttribute {
  readonly name: string;
  readonly value: string;
  /** Place of name, sign and value in the document. */
  readonly start: number;
  readonly end: number;
}

export interface SvgTag {
  readonly kind: 'open' | 'close' | 'empty';
  /** As it is written, prefix and all. */
  readonly name: string;
  readonly attributes: readonly SvgAttribute[];
  readonly start: number;
  /** Behind its bracket. */
  readonly end: number;
}

/** Markup that is skipped whole, by how it opens and closes. */
const SKIPPED: readonly (readonly [open: string, close: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

const NAME = /[A-Za-z_:][\w:.-]*/y;
const ATTRIBUTE = /\s+([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const OPEN_END = /\s*(\/?)>/y;
const CLOSE_END = /\s*>/y;
/** A document type that names a DTD, which is not fetched; one with a `[…]` could define entities. */
const DOCTYPE = /<!DOCTYPE(?:[^[\]<>"']|"[^"]{0,500}"|'[^']{0,500}'){0,500}>/y;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Every tag in order. @throws SvgError while it is read on */
export function* tagsIn(svg: string): Generator<SvgTag, void> {
  if (svg.length > SVG_CHARS_MAX) throw new SvgError('too-large');
  let at = svg.indexOf('<');
  while (at !== -1) {
    const skippedTo = endOfSkipped(svg, at);
    const tag = skippedTo === undefined ? tagAt(svg, at) : undefined;
    if (tag !== undefined) yield tag;
    at = svg.indexOf('<', tag?.end ?? skippedTo);
  }
}

const endOfSkipped = (svg: string, at: number): number | undefined => {
  if (svg.startsWith('<!DOCTYPE', at)) {
    const match = matchAt(DOCTYPE, svg, at);
    if (match === null) throw new SvgError('entities');
    return at + match[0].length;
  }
  const kind = SKIPPED.find(([open]) => svg.startsWith(open, at));
  if (kind === undefined) return undefined;
  const [open, close] = kind;
  const end = svg.indexOf(close, at + open.length);
  if (end === -1) throw new SvgError('malformed');
  return end + close.length;
};

const tagAt = (svg: string, start: number): SvgTag => {
  const closes = svg.charAt(start + 1) === '/';
  const name = matchAt(NAME, svg, start + (closes ? 2 : 1))?.[0];
  if (name === undefined) throw new SvgError('malformed');
  const afterName = start + (closes ? 2 : 1) + name.length;
  if (closes) {
    const close = matchAt(CLOSE_END, svg, afterName);
    if (close === null) throw new SvgError('malformed');
    return { kind: 'close', name, attributes: [], start, end: afterName + close[0].length };
  }
  const attributes = attributesAt(svg, afterName);
  const afterAttributes = attributes.at(-1)?.end ?? afterName;
  const open = matchAt(OPEN_END, svg, afterAttributes);
  if (open === null) throw new SvgError('malformed');
  return { kind: open[1] === '/' ? 'empty' : 'open', name, attributes, start, end: afterAttributes + open[0].length };
};

const attributesAt = (svg: string, from: number): readonly SvgAttribute[] => {
  const found: SvgAttribute[] = [];
  let match = matchAt(ATTRIBUTE, svg, from);
  while (match !== null) {
    const [text, name = '', double, single = ''] = match;
    const start = match.index + text.length - text.trimStart().length;
    found.push({ name, value: unescaped(double ?? single), start, end: match.index + text.length });
    match = matchAt(ATTRIBUTE, svg, match.index + text.length);
  }
  return found;
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text with references to characters, which are known without a DTD; no other is allowed. @throws SvgError entities */
export const unescaped = (text: string): string =>
  text.replaceAll(/&(?:(#?\w{1,16});)?/g, (_, reference: string | undefined = '') => {
    const code = /^#(?:(\d{1,7})|x([0-9A-Fa-f]{1,6}))$/.exec(reference);
    const character = code === null ? ENTITIES[reference] : characterOf(Number(code[1] ?? `0x${code[2]}`));
    if (character === undefined) throw new SvgError('entities');
    return character;
  });

/** XML has no place for control characters, halves of characters and two others. */
const FORBIDDEN = /^[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u;

const characterOf = (code: number): string | undefined => {
  const character = code > 0x10ffff ? '\0' : String.fromCodePoint(code);
  return FORBIDDEN.test(character) ? undefined : character;
};

/** The words inside an element that holds nothing but text, comments and CDATA sections. @throws SvgError malformed for markup in it */
export const wordsOf = (content: string): string => {
  let words = '';
  let at = 0;
  for (let next = content.indexOf('<'); next !== -1; next = content.indexOf('<', at)) {
    words += unescaped(content.slice(at, next));
    const end = endOfSkipped(content, next);
    if (end === undefined) throw new SvgError('malformed');
    if (content.startsWith('<![CDATA[', next)) words += content.slice(next + '<![CDATA['.length, end - ']]>'.length);
    at = end;
  }
  return words + unescaped(content.slice(at));
};
