/** What stands at every address without a public record. Unknown, hidden and private look the same, so that no one can tell which it is. */
import { ENGLISH } from './english.ts';
import { html } from './html.ts';
import { page } from './page.ts';

const { notFound: words } = ENGLISH;

export const notFoundPage = (): string =>
  page({
    title: words.title,
    description: words.line,
    isIndexed: false,
    main: html`<header class="standing standing-none"><h1>${words.title}</h1><p>${words.line}</p></header>`,
  });
