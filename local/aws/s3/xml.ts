/** The little XML that S3 speaks: elements and text. No document types, so no entity can grow or reach for a file. */
import { AwsError } from '../service.ts';

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text directly inside, spaces and all: a key may start with one. */
  readonly text: string;
}

type Content = string | number | boolean | readonly string[];

/** A list is taken as markup that is already written, anything else is escaped. */
export const element = (name: string, content: Content): string =>
  `<${name}>${Array.isArray(content) ? content.join('') : escapeText(String(content))}</${name}>`;

/** Nothing where there is nothing to say. */
export const optional = (name: string, content: string | number | undefined): string =>
  content === undefined ? '' : element(name, content);

export const xmlDocument = (root: string, content: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content.join('')}</${root}>`;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// XML 1.0 cannot hold most control characters at all. S3 writes them as references all the same; `encoding-type=url` is the way around.
export const escapeText = (content: string): string =>
  content.replace(/[&<>"\p{Cc}\ufffe\uffff]/gu, (character) => ESCAPES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`);

/** @throws AwsError MalformedXML */
export const parseXml = (source: string): XmlElement => {
  const open: Open[] = [{ name: '', children: [], text: '' }];
  const scanner = new RegExp(TOKEN);
  while (scanner.lastIndex < source.length) {
    const token = scanner.exec(source);
    if (token === null) throw malformedXml();
    take(open, token);
  }
  const [top] = open;
  const [root] = top?.children ?? [];
  if (open.length !== 1 || top?.children.length !== 1 || top.text.trim() !== '' || root === undefined) throw malformedXml();
  return root;
};

export const malformedXml = (): AwsError =>
  new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');

export const child = (parent: XmlElement, name: string): XmlElement | undefined => parent.children.find((element) => element.name === name);

export const childText = (parent: XmlElement, name: string): string | undefined => child(parent, name)?.text;

export const childrenOf = (parent: XmlElement, name: string): readonly XmlElement[] =>
  parent.children.filter((element) => element.name === name);

interface Open {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/** The deepest document that S3 takes has five levels. */
const DEPTH_MAX = 8;

// Declaration or comment | closing tag | opening tag with attributes, perhaps empty | text. A document type matches none.
const ATTRIBUTES = /(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*/.source;
const TOKEN = new RegExp(`<\\?[^>]*\\?>|<!--[^]*?-->|</([\\w.:-]+)\\s*>|<([\\w.:-]+)${ATTRIBUTES}\\s*(/?)>|([^<]+)`, 'y');

const take = (open: Open[], [, closing, opening, empty, text]: RegExpExecArray): void => {
  const current = open.at(-1);
  if (current === undefined) throw malformedXml();
  if (text !== undefined) current.text += unescapeText(text);
  if (opening !== undefined) {
    const next: Open = { name: localName(opening), children: [], text: '' };
    current.children.push(next);
    if (empty !== '/') open.push(next);
    if (open.length > DEPTH_MAX) throw malformedXml();
  }
  if (closing !== undefined && (open.length === 1 || open.pop()?.name !== localName(closing))) throw malformedXml();
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

const unescapeText = (text: string): string => text.replace(/&([^;&]{0,10};)?/g, (_, reference?: string) => characterOf(reference ?? ''));

/** A reference is what follows the `&`, its `;` included. */
const characterOf = (reference: string): string => {
  const [, hex, decimal, name] = /^(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));$/i.exec(reference) ?? [];
  const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const character = name === undefined ? fromCodePoint(codePoint) : NAMED.get(name);
  if (character === undefined) throw malformedXml();
  return character;
};

const fromCodePoint = (codePoint: number): string | undefined =>
  codePoint >= 0 && codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff) ? String.fromCodePoint(codePoint) : undefined;
