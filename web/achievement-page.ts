/** What it takes to earn a micro-credential: the page that a learner reads before enrolling and an employer after. */
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import { achievementImageUrl } from '#openbadges/addresses.ts';
import type { IssuerFacts } from '#openbadges/profile.ts';
import { competencySection, curriculumSection, evidenceSection, factsSection, leadsSection, rubricSection } from './achievement-blocks.ts';
import { ENGLISH } from './english.ts';
import { bdi, html, link, plain, prose, section } from './html.ts';
import { page } from './page.ts';

export interface AchievementPage {
  readonly definition: MicroCredentialDefinition;
  readonly achievementUrl: string;
  readonly issuer: IssuerFacts;
}

const { achievement: words } = ENGLISH;

export const achievementPage = ({ definition, achievementUrl, issuer }: AchievementPage): string => {
  const alt = plain(ENGLISH.credential.imageAlt(definition.name, issuer.name));
  return page({
    title: definition.name,
    description: words.description(definition.name, issuer.name),
    url: achievementUrl,
    alternates: [{ type: 'application/ld+json', href: `${achievementUrl}.json` }],
    image: { url: achievementImageUrl(achievementUrl), alt },
    isIndexed: true,
    main: [
      // The drawing, since it stays sharp at any size and on paper.
      html`<header class="title"><img class="badge" src="${achievementUrl}.svg" alt="${alt}" width="160" height="160"><h1 lang="${definition.inLanguage}">${bdi(definition.name)}</h1>
<p>${words.lead(bdi(issuer.name), definition.version)}</p></header>`,
      // The definition's words are in its own language, the frame's are in ours.
      html`<div lang="${definition.inLanguage}">${prose(definition.description)}</div>`,
      factsSection(definition, issuer),
      html`<div id="criteria">${section(words.requirements, prose(definition.criteria.narrative))}</div>`,
      section(words.prerequisites, definition.prerequisites && prose(definition.prerequisites.narrative)),
      competencySection(definition),
      evidenceSection(definition),
      rubricSection(definition),
      curriculumSection(definition),
      leadsSection(definition),
      html`<p>${link(`${achievementUrl}.json`, words.file)}</p>`,
    ],
  });
};
