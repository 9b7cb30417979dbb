/**
 * Ids within a badge. Two parts under one id are one part to the canonical form: their statements run together, each seems to say
 * what the other does, and whichever is said twice could be taken away once without breaking the signature.
 */
import { error, type Finding } from '#domain/lint/finding.ts';
import { isObject } from '../json-object.ts';
import { type Blame, type Place, placesIn } from './places.ts';

/** Says something of its own; a mere mention has an id and a type. */
const isDescribed = (value: unknown): boolean => isObject(value) && Object.keys(value).some((key) => key !== 'id' && key !== 'type');

const idIn = ({ value }: Place): string | undefined => (isObject(value) && typeof value.id === 'string' ? value.id : undefined);

export const badgeIds = (badge: object, blame: Blame): readonly Finding[] => {
  const described = Map.groupBy(
    placesIn(badge).filter(({ value }) => isDescribed(value)),
    (place) => idIn(place),
  );
  return [...described].flatMap(([id, places]) => {
    const [, second] = places;
    if (id === undefined || second === undefined) return [];
    return blame({ path: [...second.path, 'id'], value: id }, (path, where) =>
      error(
        path,
        'lint/badge-id-twice',
        `"${id}"${where} names two different parts of the badge, which verifiers would take for one. Give each an address of its own.`,
      ),
    );
  });
};
