/** The issuer's own page: who it is, and where verifiers find its keys. */
import { type IssuerFacts, profileOf } from '#openbadges/profile.ts';
import { ENGLISH } from './english.ts';
import { bdi, html, link, list, section } from './html.ts';
import { domainOf, issuerBlock } from './issuer-block.ts';
import { page } from './page.ts';

const { issuer: words } = ENGLISH;

export const issuerPage = ({ facts, issuerUrl }: { readonly facts: IssuerFacts; readonly issuerUrl: string }): string =>
  page({
    title: facts.name,
    description: words.description(facts.name),
    url: issuerUrl,
    alternates: [{ type: 'application/ld+json', href: `${issuerUrl}.json` }],
    isIndexed: true,
    main: [
      html`<header class="title"><h1>${bdi(facts.name)}</h1><p>${domainOf(facts.did)}</p></header>`,
      section(words.about, issuerBlock(profileOf(facts))),
      section(
        words.verify,
        list([
          link(`${issuerUrl}/did.json`, words.didDocument),
          link(`${issuerUrl}/jwks.json`, words.keys),
          link(`${issuerUrl}.json`, words.profile),
        ]),
      ),
    ],
  });
