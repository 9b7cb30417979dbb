/** What it takes to earn a micro-credential: the page that a learner reads before enrolling and an employer after. */
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { IssuerFacts } from '#openbadges/profile.ts';
import { competencySection, curriculumSection, evidenceSection, factsSection, leadsSection, rubricSection } from './achievement-blocks.ts';
import { ENGLISH } from './english.ts';
import { bdi, html, link, prose, section } from './html.ts';
import { page } from './page.ts';

export interface AchievementPage {
  readonly definition: MicroCredentialDefinition;
  readonly achievementUrl: string;
  readonly issuer: IssuerFacts;
}

const { achievement: words } = ENGLISH;

export const achievementPage = ({ definition, achievementUrl, issuer }: AchievementPage): string =>
  page({
    title: definition.name,
    description: words.description(definition.name, issuer.name),
    url: achievementUrl,
    alternates: [{ type: 'application/ld+json', href: `${achievementUrl}.json` }],
    isIndexed: true,
    main: [
      html`<header class="title"><h1 lang="${definition.inLanguage}">${bdi(definition.name)}</h1>
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
