/** What a signed badge says of the learning behind it: competencies, evidence, results, demands. */
import type { Alignment, ResultDescription } from '#openbadges/achievement.ts';
import type { Evidence, OpenBadgeCredential, Result } from '#openbadges/achievement-credential.ts';
import { ANNEX_TARGET_TYPES } from '#openbadges/annex-one.ts';
import { ENGLISH } from './english.ts';
import { bdi, type Content, facts, html, link, list, prose } from './html.ts';

const { credential: words } = ENGLISH;

const ANNEX: ReadonlySet<string | undefined> = new Set(ANNEX_TARGET_TYPES);

const isAnnex = ({ targetType }: Alignment): boolean => ANNEX.has(targetType);

const isOutcome = ({ targetType }: Alignment): boolean => targetType === 'ext:LearningOutcome';

/** Competencies of the achievement itself are alignments to places within its own address. */
const isOwn = ({ targetUrl }: Alignment, achievementUrl: string): boolean => targetUrl.startsWith(`${achievementUrl}#`);

export const competencyBlock = ({ credentialSubject: { achievement } }: OpenBadgeCredential): Content => {
  const skills = achievement.alignment.filter((alignment) => !isAnnex(alignment));
  const own = skills.filter((alignment) => isOwn(alignment, achievement.id));
  const foreign = skills.filter((alignment) => !isOwn(alignment, achievement.id));
  const outcomes = achievement.alignment.filter(isOutcome);
  return [
    own.length > 0 &&
      list(
        own.map(
          ({ targetName, targetDescription }) =>
            html`<strong>${bdi(targetName)}</strong> ${targetDescription !== undefined && bdi(targetDescription)}`,
        ),
      ),
    outcomes.length > 0 && html`<h3>${ENGLISH.achievement.outcomes}</h3>${list(outcomes.map(({ targetName }) => bdi(targetName)))}`,
    foreign.length > 0 && html`<h3>${words.frameworks}</h3>${list(foreign.map(frameworkEntry))}`,
  ];
};

const frameworkEntry = ({ targetName, targetUrl, targetFramework, targetCode }: Alignment): Content =>
  html`${link(targetUrl, bdi(targetName))}${targetFramework !== undefined && html` <span class="aside">${bdi([targetFramework, targetCode].filter(Boolean).join(' '))}</span>`}`;

export const achievedBlock = ({ issuer, credentialSubject, evidence = [] }: OpenBadgeCredential): Content => {
  const { achievement, source, result = [] } = credentialSubject;
  return [
    html`<p>${words.proofLead}</p>`,
    facts([[words.assessedBy, bdi(source.id === issuer.id ? issuer.name : (source.name ?? source.id))]]),
    evidence.length > 0 && list(evidence.map(evidenceEntry)),
    levelTable(result, achievement.resultDescription),
    html`<p>${link(achievement.id, words.rubric)}</p>`,
  ];
};

const evidenceEntry = ({ name, genre, narrative, description, digestMultibase }: Evidence): Content => [
  html`<strong>${bdi(name)}</strong>`,
  description !== undefined && html`<p dir="auto">${description}</p>`,
  narrative !== undefined && prose(narrative),
  facts([
    [words.kind, genre !== undefined && bdi(genre)],
    [words.judged, digestMultibase !== undefined && html`<code>${digestMultibase}</code>`],
  ]),
];

/** Only where the badge publishes the levels that were reached. */
const levelTable = (results: readonly Result[], descriptions: readonly ResultDescription[]): Content => {
  const rows = results.flatMap(({ resultDescription, achievedLevel }) => {
    const criterion = descriptions.find(({ id }) => id === resultDescription);
    const level = criterion?.rubricCriterionLevel?.find(({ id }) => id === achievedLevel);
    return criterion === undefined || level === undefined ? [] : [{ criterion: criterion.name, level }];
  });
  if (rows.length === 0) return undefined;
  return html`<table><caption>${words.levels}</caption>
<thead><tr><th scope="col">${words.criterion}</th><th scope="col">${words.level}</th></tr></thead>
<tbody>${rows.map(({ criterion, level }) => html`<tr><th scope="row">${bdi(criterion)}</th><td><strong>${bdi(level.name)}</strong><br>${bdi(level.description)}</td></tr>`)}</tbody></table>`;
};

export const demandBlock = ({ awardedDate, validUntil, credentialSubject: { achievement } }: OpenBadgeCredential): Content => [
  html`<h3>${words.criteria}</h3>`,
  prose(achievement.criteria.narrative),
  facts([
    [words.field, achievement.fieldOfStudy !== undefined && bdi(achievement.fieldOfStudy)],
    [words.credits, achievement.creditsAvailable],
    [words.awarded, ENGLISH.day(awardedDate)],
    [words.validUntil, validUntil === undefined ? words.noEnd : ENGLISH.day(validUntil)],
  ]),
  annexBlock(achievement.alignment),
];

const annexBlock = (alignments: readonly Alignment[]): Content => {
  const stated = alignments.filter((alignment) => isAnnex(alignment) && !isOutcome(alignment));
  return stated.length > 0 && html`<h3>${words.annex}</h3>${list(stated.map(annexEntry))}`;
};

const annexEntry = ({ targetName, targetUrl, targetDescription }: Alignment): Content => [
  link(targetUrl, bdi(targetName)),
  targetDescription !== undefined && html`<br>${bdi(targetDescription)}`,
];
