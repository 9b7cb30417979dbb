/**
 * What all public pages share: head, frame, style. No script and no inline style, so that they live under
 * `Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'`.
 */
import { ENGLISH } from './english.ts';
import { type Content, type Html, html, plain, render } from './html.ts';
import { STYLE_PATH } from './style.ts';

export interface Page {
  readonly title: string;
  readonly description: string;
  /** The page's own address; a page that stands for many addresses has none. */
  readonly url?: string | undefined;
  /** Other forms of what the page shows. */
  readonly alternates?: readonly { readonly type: string; readonly href: string }[];
  /** What a link to the page is shown with elsewhere: pixels, since many such places take no drawings. */
  readonly image?: { readonly url: string; readonly alt: string } | undefined;
  /** A credential is found by those who are given its address, not by search. */
  readonly isIndexed: boolean;
  readonly main: Content;
}

export const page = ({ title, description, url, alternates = [], image, isIndexed, main }: Page): string =>
  `<!doctype html>\n${render(html`<html lang="${ENGLISH.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${plain(title)}</title>
<meta name="description" content="${plain(description)}">
<meta name="referrer" content="no-referrer">
${!isIndexed && html`<meta name="robots" content="noindex">`}
<meta property="og:title" content="${plain(title)}">
<meta property="og:description" content="${plain(description)}">
${url !== undefined && html`<meta property="og:url" content="${url}"><link rel="canonical" href="${url}">`}
${image && html`<meta property="og:image" content="${image.url}"><meta property="og:image:alt" content="${image.alt}">`}
${alternates.map(({ type, href }) => html`<link rel="alternate" type="${type}" href="${href}">`)}
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<main>
${main}
</main>
${footer}
</body>
</html>
`)}`;

const footer: Html = html`<footer><p>${ENGLISH.footer}</p></footer>`;
