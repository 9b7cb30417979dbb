/** A definition's parts as its page shows them. The ids are those that the Achievement's JSON points to. */
import type { EvidenceRequirement, MicroCredentialDefinition, Rubric } from '#domain/micro-credential.ts';
import type { RubricCriterion } from '#domain/rubric.ts';
import type { IssuerFacts } from '#openbadges/profile.ts';
import { ENGLISH } from './english.ts';
import { bdi, type Content, facts, html, link, list, prose, section } from './html.ts';

const { achievement: words } = ENGLISH;

type Definition = MicroCredentialDefinition;

/** The facts that Annex I of the EU Council Recommendation 2022/C 243/02 asks for, under its names. */
export const factsSection = (definition: Definition, issuer: IssuerFacts): Content => {
  const { workload, level, learningMode, evidenceRequirements, assessmentPolicy, award, qualityAssurance } = definition;
  const types = [...new Set(evidenceRequirements.map(({ assessmentType }) => assessmentType))];
  const { creditPoint } = workload;
  return section(
    words.facts,
    facts([
      [words.workload, annex('workload', ENGLISH.duration(workload.volumeOfLearning))],
      [words.level, annex('level', levelOf(level))],
      [words.credits, creditPoint != null && annex('credits', bdi(`${creditPoint.point} ${creditPoint.framework}`))],
      [words.mode, annex('participation', words.modes[learningMode])],
      [words.assessment, assessmentsOf(types)],
      [words.supervision, annex('supervision', assessmentPolicy.idVerification)],
      [words.marking, words.schemes[assessmentPolicy.marking.scheme]],
      [words.attempts, assessmentPolicy.attempts.max],
      [words.decision, assessmentPolicy.sla.decision],
      [words.appeals, words.appealsWithin(ENGLISH.duration(assessmentPolicy.appeals.window))],
      [words.validity, award.validity === null ? ENGLISH.credential.noEnd : ENGLISH.duration(award.validity.period)],
      [words.quality, annex('quality-assurance', bdi(qualityAssurance.statement))],
      [words.country, issuer.address && bdi(issuer.address.addressCountry ?? issuer.address.addressCountryCode)],
    ]),
  );
};

/** A fact under the id at which the badge's statement of it points. */
const annex = (name: string, content: Content): Content =>
  content !== undefined && content !== false && html`<span id="annex/${name}">${content}</span>`;

const assessmentsOf = (types: readonly EvidenceRequirement['assessmentType'][]): Content =>
  types.map((type, place) => [annex(`assessment/${type.toLowerCase()}`, [words.assessments[type], place < types.length - 1 && ',']), ' ']);

const levelOf = ({ eqf, statement }: Definition['level']): Content => {
  if (eqf !== undefined) return bdi(words.eqf(String(eqf.value), eqf.basis));
  return statement !== undefined && bdi(statement);
};

export const competencySection = ({ competencies }: Definition): Content =>
  section(
    words.competencies,
    competencies.map(
      ({ id, name, statement, learningOutcomes, alignment }) => html`<article id="competency/${id}"><h3>${bdi(name)}</h3>
${prose(statement)}
<h4>${words.outcomes}</h4>
${list(learningOutcomes.map((outcome) => html`<span id="learning-outcome/${id}/${outcome.id}">${bdi(outcome.statement)}</span>`))}
${alignment.length > 0 && list(alignment.map((entry) => html`${link(entry.targetUrl, bdi(entry.targetName))} <span class="aside">${bdi(entry.targetFramework)}</span>`))}
</article>`,
    ),
  );

export const evidenceSection = ({ evidenceRequirements, rubrics }: Definition): Content =>
  section(
    words.evidence,
    evidenceRequirements.map((requirement) => evidenceEntry(requirement, rubrics)),
  );

const evidenceEntry = (requirement: EvidenceRequirement, rubrics: readonly Rubric[]): Content => {
  const { id, name, genre, assessmentType, required, instructions, accessibility, rubricId } = requirement;
  const rubric = rubrics.find((candidate) => candidate.id === rubricId);
  return html`<article id="evidence/${id}"><h3>${bdi(name)}</h3>
<p class="aside">${required ? words.evidenceRequired : words.evidenceOptional} · ${bdi(genre)} · ${words.assessments[assessmentType]}</p>
${prose(instructions)}
${accessibility.alternatives.length > 0 && html`<p>${words.alternatives}:</p>${list(accessibility.alternatives.map(bdi))}`}
${rubric !== undefined && html`<p><a href="#${rubric.id}">${words.judgedBy(rubric.criteria.length)}</a></p>`}
</article>`;
};

export const rubricSection = ({ rubrics }: Definition): Content =>
  section(words.rubrics, html`<p>${words.rubricsLead}</p>`, rubrics.map(rubricEntry));

const rubricEntry = ({ id, name, criteria }: Rubric): Content =>
  html`<article id="${id}"><h3>${bdi(name ?? id)}</h3>${criteria.map((criterion) => criterionEntry(id, criterion))}</article>`;

const criterionEntry = (rubric: string, { id, name, critical, requiredLevel, levels }: RubricCriterion): Content =>
  html`<div class="criterion" id="${rubric}/${id}"><h4>${bdi(name)}</h4>
${critical && html`<p class="aside">${words.critical}</p>`}
<ol>${levels.map(
    (level) =>
      html`<li id="${rubric}/${id}/${level.id}"><strong>${bdi(level.name)}</strong>${level.id === requiredLevel && html` <span class="required">${words.required}</span>`}<br>${bdi(level.description)}</li>`,
  )}</ol></div>`;

export const curriculumSection = ({ curriculum }: Definition): Content =>
  curriculum.modules.length > 0 &&
  section(
    words.curriculum,
    html`<p>${curriculum.required ? words.curriculumRequired : words.curriculumOptional}</p>`,
    list(
      curriculum.modules.map(({ name, url, duration, mode, topics = [] }) => [
        html`<strong>${url === undefined ? bdi(name) : link(url, bdi(name))}</strong>`,
        html` <span class="aside">${[duration && ENGLISH.duration(duration), mode && words.modes[mode]].filter(Boolean).join(', ')}</span>`,
        topics.length > 0 && html`<br>${bdi(topics.join('; '))}`,
      ]),
    ),
  );

export const leadsSection = ({ stackability: { contributesTo = [], recognisedBy = [] } }: Definition): Content => {
  const entries = [
    ...contributesTo.map(({ microCredentialId }) => bdi(words.countsTowards(microCredentialId))),
    ...recognisedBy.map(({ name, recognition, url }) =>
      words.recognised(url === undefined ? bdi(name) : link(url, bdi(name)), bdi(recognition)),
    ),
  ];
  return entries.length > 0 && section(words.leads, list(entries));
};
