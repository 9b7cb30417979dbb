/** Whether the badge itself states what Annex I of the Council Recommendation asks of every micro-credential, and not only its definition. */
import { error, type Finding, type Path, unless } from '#domain/lint/finding.ts';
import type { OpenBadgeCredential } from '../achievement-credential.ts';
import type { AnnexTargetType } from '../annex-one.ts';

interface Element {
  readonly name: string;
  readonly path: Path;
  readonly isStated: (badge: OpenBadgeCredential) => boolean;
}

const aligned =
  (...types: readonly AnnexTargetType[]) =>
  ({ credentialSubject: { achievement } }: OpenBadgeCredential): boolean =>
    types.some((type) => achievement.alignment.some(({ targetType }) => targetType === type));

const isSaid = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';

/** @see https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32022H0627(02), Annex I, the mandatory elements in their order */
const ELEMENTS: readonly Element[] = [
  {
    name: 'identification of the learner',
    path: [],
    isStated: ({ credentialSubject: { id, identifier } }) => isSaid(id) && identifier !== undefined,
  },
  { name: 'title', path: ['name'], isStated: ({ name, credentialSubject: { achievement } }) => isSaid(name) && isSaid(achievement.name) },
  {
    name: 'country of the issuer',
    path: ['issuer', 'address', 'addressCountryCode'],
    isStated: ({ issuer }) => isSaid(issuer.address?.addressCountryCode),
  },
  { name: 'awarding body', path: ['issuer', 'name'], isStated: ({ issuer }) => isSaid(issuer.name) },
  { name: 'date of issuing', path: [], isStated: ({ awardedDate }) => isSaid(awardedDate) },
  { name: 'learning outcomes', path: ['competencies'], isStated: aligned('ext:LearningOutcome') },
  { name: 'notional workload', path: ['workload', 'volumeOfLearning'], isStated: aligned('ext:NotionalWorkload') },
  { name: 'level', path: ['level'], isStated: aligned('ext:EQFLevel', 'ext:AQFLevel', 'ext:NQFLevel', 'ext:LevelStatement') },
  { name: 'type of assessment', path: ['evidenceRequirements'], isStated: aligned('ext:AssessmentType') },
  { name: 'form of participation', path: ['learningMode'], isStated: aligned('ext:ParticipationForm') },
  { name: 'type of quality assurance', path: ['qualityAssurance'], isStated: aligned('ext:QualityAssurance') },
];

export const badgeAnnex = (badge: OpenBadgeCredential): readonly Finding[] =>
  ELEMENTS.flatMap(({ name, path, isStated }) =>
    unless(
      isStated(badge),
      error(
        path,
        'lint/annex-i',
        `Badges would not state the ${name}. The European approach to micro-credentials (2022/C 243/02, Annex I) asks every issuer to state it.`,
      ),
    ),
  );
