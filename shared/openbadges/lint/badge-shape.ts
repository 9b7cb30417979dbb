/** What in a badge the official schemas, or a careful reader of the data model, would refuse; each place of it. */
import { error, type Finding, unless, warning } from '#domain/lint/finding.ts';
import type { OpenBadgeCredential } from '../achievement-credential.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { isIri } from '../verify-data-model.ts';
import { checkSchema } from '../verify-schema.ts';
import { type Blame, type Place, placesIn } from './places.ts';

const ADDRESSES = new Set(['id', 'url', 'targetUrl', 'resultDescription', 'requiredLevel', 'achievedLevel']);

const keyOf = ({ path }: Place): string => String(path.at(-1) ?? '');

const isAddress = (place: Place): boolean => typeof place.value === 'string' && ADDRESSES.has(keyOf(place));

const addresses = (place: Place, blame: Blame): readonly Finding[] => {
  if (!isAddress(place) || isIri(place.value)) return [];
  return blame(place, (path, where) =>
    error(
      path,
      'lint/badge-address',
      `"${place.value}"${where} is no absolute address, so the badge could not be signed. Write it in full, without spaces.`,
    ),
  );
};

const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0);

const emptiness = (place: Place, blame: Blame): readonly Finding[] => {
  if (!isEmpty(place.value) || keyOf(place) === 'alignment') return [];
  return blame(place, (path, where) =>
    error(
      path,
      'lint/badge-empty',
      `Badges would hold an empty value${where}, which verifiers refuse or leave out. Fill it in, or take it out.`,
    ),
  );
};

/** The canonical form of a number has 16 significant digits; of a whole one, all. @see JSON-LD 1.1 API, "Data Round Tripping" */
const DIGITS = 15;

const isExact = (number: number): boolean => number >= 0 && Number(number.toPrecision(DIGITS)) === number;

const number = ({ path, value }: Place): readonly Finding[] =>
  typeof value !== 'number' || isExact(value) || path.includes('credentialStatus')
    ? []
    : [
        error(
          ['workload', 'creditPoint', 'point'],
          'lint/badge-number',
          `${value} is negative or has more digits than every verifier keeps. Round it, as to 1.5.`,
        ),
      ];

const captionless = ({ path, value }: Place, blame: Blame): readonly Finding[] => {
  if (!isObject(value) || value.type !== 'Image' || (typeof value.caption === 'string' && value.caption.trim() !== '')) return [];
  const said = blame({ path, value: value.id }, (source, where) =>
    error(
      source.length > 0 ? [...source.slice(0, -1), 'caption'] : source,
      'lint/image-without-caption',
      `The image has no caption${where}. Say in a sentence what it shows, for people who cannot see it.`,
    ),
  );
  return said;
};

const language = ({ credentialSubject }: OpenBadgeCredential): readonly Finding[] =>
  unless(
    credentialSubject.achievement.inLanguage !== undefined,
    warning(
      ['inLanguage'],
      'lint/language-not-told',
      'Badges cannot tell this language tag: the official schemas take a language, a script and a region, as in "zh-Hant-TW". Shorten it.',
    ),
  );

/** Last, for whatever the rules above have no words for. */
const whole = (badge: OpenBadgeCredential): readonly Finding[] => {
  const plain: JsonObject = { ...badge };
  return unless(
    checkSchema(plain, 'open-badges').state === 'passed',
    error(
      [],
      'lint/badge-malformed',
      'A badge of this definition would not have the shape of an Open Badge, so verifiers would refuse it.',
    ),
  );
};

export const badgeShape = (badge: OpenBadgeCredential, blame: Blame): readonly Finding[] => [
  ...placesIn(badge).flatMap((place) => [addresses, emptiness, number, captionless].flatMap((rule) => rule(place, blame))),
  ...language(badge),
  ...whole(badge),
];
