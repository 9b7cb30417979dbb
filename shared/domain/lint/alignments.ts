/** Links to skills frameworks: each has a target, and the target is named in the way that its framework names things. */
import type { Alignment } from '../micro-credential/competencies.ts';
import { error, type Finding, type LintFamily, type Path, unless, warning } from './finding.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** How one framework is recognised, and which forms its identifiers have. */
interface Framework {
  readonly name: string;
  readonly isMeant: (alignment: Alignment) => boolean;
  readonly isWellFormed: (alignment: Alignment) => boolean;
  readonly form: string;
}

const ESCO_URI = new RegExp(
  `^http://data\\.europa\\.eu/esco/((skill|occupation)/${UUID}|skill/[KLST]\\d*(\\.\\d+)*|isced-f/\\d{2,4}|isco/C\\d{1,4})$`,
);

/** An occupation, or an element of the content model with its intermediate and detailed work activities. */
const ONET_CODE = /^(\d{2}-\d{4}(\.\d{2})?|[1-6](\.([A-Za-z]|\d{1,2})){1,6}(\.I\d{2}(\.D\d{2})?)?)$/;
const ONET_SITE = /^https:\/\/((www|services)\.)?(onetonline|onetcenter)\.org\//;

const CASE_GUID = new RegExp(`/${UUID}/?$`, 'i');
const CASE_API = /\/ims\/case\/v1p\d\/(CF[A-Za-z]+)\//;

/** Where the CASE API keeps what each target type names; criteria and levels are parts of their rubric. */
const CASE_COLLECTION: Readonly<Record<string, string>> = {
  CFItem: 'CFItems',
  CFRubric: 'CFRubrics',
  CFRubricCriterion: 'CFRubrics',
  CFRubricCriterionLevel: 'CFRubrics',
};

const CTDL_URI = new RegExp(
  `^https://credentialengineregistry\\.org/resources/ce-${UUID}$|^https?://(credreg\\.net|purl\\.org)/(ctdl|ctdlasn|asn|navy)/.+$`,
);

const lastSegment = (url: string): string => url.replace(/\/$/, '').split('/').at(-1) ?? '';

/** @see https://esco.ec.europa.eu/, https://www.onetcenter.org/dictionary/, CASE 1.1, and https://credreg.net/ */
const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'ESCO',
    isMeant: ({ targetFramework, targetType = '', targetUrl }) =>
      /\bESCO\b/i.test(targetFramework) ||
      /^ext:ESCO/i.test(targetType) ||
      /^https?:\/\/(data\.europa\.eu\/esco|esco\.ec\.europa\.eu)\//.test(targetUrl),
    isWellFormed: ({ targetUrl }) => ESCO_URI.test(targetUrl),
    form: "http://data.europa.eu/esco/skill/… or …/occupation/… with the concept's UUID; with http, since that is its name",
  },
  {
    name: 'O*NET',
    isMeant: ({ targetFramework, targetType = '', targetUrl }) =>
      /\bO\*?NET\b/i.test(targetFramework) ||
      /^ext:ONET/i.test(targetType) ||
      /\/\/([a-z]+\.)?(onetonline|onetcenter)\.org\//.test(targetUrl),
    isWellFormed: ({ targetCode, targetUrl }) => ONET_SITE.test(targetUrl) && ONET_CODE.test(targetCode ?? lastSegment(targetUrl)),
    form: 'an address of onetonline.org and a code as in "15-1252.00" (occupation) or "2.A.1.b" (element)',
  },
  {
    name: 'CASE',
    isMeant: ({ targetFramework, targetType = '', targetUrl }) =>
      /\bCASE\b/.test(targetFramework) || targetType in CASE_COLLECTION || CASE_API.test(targetUrl),
    isWellFormed: ({ targetType = '', targetUrl }) => {
      const collection = CASE_API.exec(targetUrl)?.[1];
      const expected = CASE_COLLECTION[targetType];
      return CASE_GUID.test(targetUrl) && (collection === undefined || expected === undefined || collection === expected);
    },
    form: "an address that ends in the item's GUID, in the API below /ims/case/v1p1/CFItems/ for a CFItem",
  },
  {
    name: 'CTDL',
    isMeant: ({ targetFramework, targetType = '', targetUrl }) =>
      /\bCTDL\b|Credential (Engine|Registry)/.test(targetFramework) ||
      ['CTDL', 'ceterms:Credential'].includes(targetType) ||
      /\/\/([a-z]+\.)?(credentialengineregistry\.org|credentialfinder\.org|credreg\.net)\//.test(targetUrl),
    isWellFormed: ({ targetUrl }) => CTDL_URI.test(targetUrl),
    form: 'https://credentialengineregistry.org/resources/ce-… with the UUID of its CTID, or a term of credreg.net',
  },
];

const isSaid = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';

const target = ({ targetName, targetUrl }: Alignment, path: Path): readonly Finding[] => [
  ...unless(
    isSaid(targetName),
    error(
      [...path, 'targetName'],
      'lint/alignment-without-target',
      'This alignment does not say what it is aligned to. Give the name that the framework uses.',
    ),
  ),
  ...unless(
    isSaid(targetUrl) && URL.canParse(targetUrl),
    error(
      [...path, 'targetUrl'],
      'lint/alignment-without-target',
      'This alignment leads nowhere. Give the address that the framework has for it, or take the alignment out.',
    ),
  ),
];

const form = (alignment: Alignment, path: Path): readonly Finding[] =>
  FRAMEWORKS.filter(({ isMeant }) => isMeant(alignment)).flatMap(({ name, isWellFormed, form }) =>
    unless(
      isWellFormed(alignment),
      warning(
        [...path, 'targetUrl'],
        'lint/alignment-form',
        `This is not how ${name} names things, so job platforms may not find it. Expected: ${form}.`,
      ),
    ),
  );

const nameOf = ({ targetUrl, targetCode = '' }: Alignment): string => `${targetUrl} ${targetCode}`;

const alignment = (one: Alignment, path: Path, others: readonly Alignment[]): readonly Finding[] => [
  ...target(one, path),
  ...(isSaid(one.targetUrl) ? form(one, path) : []),
  ...unless(
    one.verified !== false,
    warning(
      [...path, 'verified'],
      'lint/alignment-unverified',
      `Nobody has looked up "${one.targetName}" yet, and the issuer will sign for it. Look it up, or take it out.`,
    ),
  ),
  ...unless(
    !others.some((other) => nameOf(other) === nameOf(one)),
    warning(path, 'lint/alignment-repeated', `This competency is aligned to "${one.targetName}" already. Take one of the two out.`),
  ),
];

export const lintAlignments: LintFamily = ({ competencies }) =>
  competencies.flatMap((competency, place) =>
    competency.alignment.flatMap((one, index) =>
      alignment(one, ['competencies', place, 'alignment', index], competency.alignment.slice(0, index)),
    ),
  );
