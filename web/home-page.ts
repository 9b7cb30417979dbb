/** What stands at the base address: where a badge's reader went who cut the address short. */
import { ENGLISH } from './english.ts';
import { html } from './html.ts';
import { page } from './page.ts';

const { home: words } = ENGLISH;

export const homePage = (publicBaseUrl: string): string =>
  page({
    title: words.title,
    description: words.line,
    url: publicBaseUrl,
    isIndexed: true,
    main: html`<header class="title"><h1>${words.title}</h1></header><p>${words.line}</p><p>${words.where}</p>`,
  });
