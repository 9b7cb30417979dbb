/** HTML as a tagged template in which every value is escaped. All public pages are made with it, so that hostile text stays text. */

// A symbol, so that no JSON from outside can pose as markup.
const MARKUP = Symbol('markup');

/** Text that is safe to stand in a page as it is; only {@link html} makes it. */
export interface Html {
  readonly [MARKUP]: string;
}

/** Undefined and false leave nothing behind, so that optional parts read `condition && html`. */
export type Content = string | number | Html | undefined | false | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

// Control characters have no place in HTML; tab and line ends do.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(CONTROLS, '\ufffd')
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const isMarkup = (content: object): content is Html => MARKUP in content;

const written = (content: Content): string => {
  if (content === undefined || content === false) return '';
  if (typeof content !== 'object') return escaped(String(content));
  return isMarkup(content) ? content[MARKUP] : content.map(written).join('');
};

/** A piece of a page. Attributes are to be written in double quotes; addresses go through {@link link}. */
export const html = (literals: TemplateStringsArray, ...values: readonly Content[]): Html => ({
  [MARKUP]: String.raw({ raw: literals }, ...values.map(written)),
});

/** The finished text of a page. */
export const render = (content: Html): string => written(content);

/** Someone's words inside a sentence of ours: isolated, so that their writing direction cannot reorder what stands around them. */
export const bdi = (text: string): Html => html`<bdi>${text}</bdi>`;

/** Marks that turn the writing direction; harmless inside {@link bdi}, but a title or an attribute has no such fence. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Someone's words where no markup can stand: in a title or an attribute. */
export const plain = (text: string): string => text.replace(DIRECTION_MARKS, '');

/** Someone's paragraphs; `**…**` is the one piece of Markdown in them that is honoured. */
export const prose = (text: string): Html =>
  html`${text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => html`<p dir="auto">${emphasised(paragraph)}</p>`)}`;

const emphasised = (paragraph: string): readonly Content[] =>
  paragraph.split(/\*\*([^*]+)\*\*/).map((part, place) => (place % 2 === 1 ? html`<strong>${part}</strong>` : part));

const LINKED = new Set(['https:', 'http:', 'mailto:']);

/** A link, if the address is one that a page may lead to; otherwise the words alone (`javascript:` and its like lead nowhere). */
export const link = (address: string, words: Content): Html => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && LINKED.has(url.protocol) ? html`<a href="${url.href}" rel="noreferrer">${words}</a>` : html`${words}`;
};

/** A name and what it is; undefined values leave their row out. */
export const facts = (rows: readonly (readonly [name: string, value: Content])[]): Html => {
  const given = rows.filter(([, value]) => value !== undefined && value !== false);
  return html`<dl>${given.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
};

export const list = (items: readonly Content[]): Html => html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;

/** A part of a page under a heading of its own; nothing if there is nothing to say. */
export const section = (heading: string, ...content: readonly Content[]): Content =>
  content.some((part) => part !== undefined && part !== false) && html`<section><h2>${heading}</h2>${content}</section>`;
