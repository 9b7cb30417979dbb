/**
 * The hosted verification page: what convinces a reader, in that order. Built from the signed document and from where
 * the credential stands; it says nothing that the badge does not.
 */
import type { Credential } from '#domain/credential.ts';
import type { OpenBadgeCredential } from '#openbadges/achievement-credential.ts';
import { achievementImageUrl } from '#openbadges/addresses.ts';
import type { Secured } from '#openbadges/data-integrity-proof.ts';
import { achievedBlock, competencyBlock, demandBlock } from './credential-blocks.ts';
import { ENGLISH } from './english.ts';
import { bdi, type Content, facts, type Html, html, link, plain, section } from './html.ts';
import { domainOf, issuerBlock } from './issuer-block.ts';
import { page } from './page.ts';
import { type Standing, standingOf } from './standing.ts';

export type SignedBadge = Secured<OpenBadgeCredential>;

export interface CredentialPage {
  readonly credential: Credential;
  /** The signed badge, as it was published. */
  readonly document: SignedBadge;
  /** The page's own address. */
  readonly url: string;
  readonly now: string;
}

const { credential: words } = ENGLISH;

/** The page in full. The holder's name stands in it only where the credential carries one, which it does by the holder's choice. */
export const credentialPage = (shown: CredentialPage): string => {
  const { document, url } = shown;
  const { name } = document.credentialSubject.achievement;
  return page({
    title: words.title(name, document.issuer.name),
    description: words.description(name, document.issuer.name),
    url,
    alternates: [
      { type: 'application/vc+ld+json', href: `${url}.json` },
      { type: 'application/json', href: `${url}.json` },
    ],
    isIndexed: false,
    main: [banner(shown), summary(shown), ...blocks(shown)],
  });
};

const bannerText = (standing: Standing, { document, credential }: CredentialPage): readonly [Html, Html] => {
  const { standing: says } = ENGLISH;
  const issuer = bdi(document.issuer.name);
  switch (standing.state) {
    case 'valid':
      return [says.valid.banner, html`${says.valid.line({ issuer })} ${standing.until !== undefined && says.endsOn(standing.until)}`];
    case 'expired':
      return [
        says.expired.banner(standing.on),
        says.expired.line({ holder: holderOf(credential, words.anyHolder), earned: document.awardedDate }),
      ];
    case 'not-yet-valid':
      return [says['not-yet-valid'].banner(standing.from), says['not-yet-valid'].line];
    case 'suspended':
      return [says.suspended.banner(standing.since), says.suspended.line({ issuer })];
    case 'revoked':
      return [says.revoked.banner(standing.on), says.revoked.line(standing.reason)];
  }
};

const holderOf = ({ holderName }: Credential, otherwise: string): Content => (holderName === undefined ? otherwise : bdi(holderName));

/** Said by words and shape before colour. */
const SIGNS: Readonly<Record<Standing['state'], string>> = { valid: '✓', expired: '⏱', 'not-yet-valid': '⏱', suspended: 'Ⅱ', revoked: '✕' };

const banner = (shown: CredentialPage): Html => {
  const standing = standingOf(shown.credential, shown.document, shown.now);
  const [heading, line] = bannerText(standing, shown);
  return html`<header class="standing standing-${standing.state}" role="status">
<h1><span class="sign" aria-hidden="true">${SIGNS[standing.state]}</span> ${heading}</h1>
<p>${line}</p>
<p class="as-of">${ENGLISH.standing.asOf(shown.now)}</p>
</header>`;
};

const summary = ({ credential, document }: CredentialPage): Html => {
  const { achievement } = document.credentialSubject;
  // The drawn one, also where the badge names another: a page loads nothing from elsewhere.
  const image =
    achievement.image &&
    html`<img class="badge" src="${achievementImageUrl(achievement.id)}" alt="${plain(words.imageAlt(achievement.name, document.issuer.name))}" width="160" height="160">`;
  const sentence = words.earned({
    holder: holderOf(credential, words.hiddenHolder),
    achievement: link(achievement.id, bdi(achievement.name)),
    issuer: bdi(document.issuer.name),
    on: document.awardedDate,
  });
  return html`<div class="summary">${image}<p class="lead">${sentence}</p><p dir="auto">${achievement.description}</p></div>`;
};

const blocks = (shown: CredentialPage): readonly Content[] => {
  const { document } = shown;
  return [
    section(words.competencies, competencyBlock(document)),
    section(words.proof, achievedBlock(document)),
    section(words.demand, demandBlock(document)),
    section(words.issuer, issuerBlock(document.issuer, [[words.domain, html`<strong>${domainOf(document.issuer.id)}</strong>`]])),
    proofDetails(shown),
    section(words.share, html`<p>${words.shareHow}</p><p>${link(shown.url, shown.url)}</p>`, concern(shown)),
  ];
};

const proofDetails = ({ document, url }: CredentialPage): Html => {
  const { credentialStatus } = document;
  const rows = document.proof.flatMap((proof): readonly (readonly [string, Content])[] => [
    [words.suite, `${proof.type}, ${proof.cryptosuite}`],
    [words.key, html`<code>${proof.verificationMethod}</code>`],
    [words.signedOn, ENGLISH.moment(proof.created)],
  ]);
  const list = link(credentialStatus.statusListCredential, credentialStatus.statusListCredential);
  return html`<section><details><summary><h2>${words.details}</h2></summary>
${facts([
  [words.id, html`<code>${document.id}</code>`],
  ...rows,
  [words.statusList, html`${list}, ${words.statusIndex(credentialStatus.statusListIndex)}`],
])}
<h3>${words.verifyYourself}</h3>
<p>${words.verifyHow}</p>
<pre><code>curl -H 'Accept: application/vc+ld+json' ${url}</code></pre>
<p>${link(`${url}.json`, words.file)}</p>
</details></section>`;
};

const concern = ({ document, url }: CredentialPage): Content => {
  const { email } = document.issuer;
  return email !== undefined && html`<p>${link(`mailto:${email}?subject=${encodeURIComponent(url)}`, words.concern)}</p>`;
};
