/**
 * The achievement type that a badge may claim.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#achievementtype-enumeration
 */
import { DomainError } from '#domain/errors.ts';
import { ACHIEVEMENT_TYPES } from '#domain/micro-credential/achievement-type.ts';

const LISTED: ReadonlySet<string> = new Set(ACHIEVEMENT_TYPES);

/** They tell of legal or accredited authority, which no issuer has by its own word. */
const RESERVED: ReadonlySet<string> = new Set(['Certification', 'License']);

/**
 * A definition's type as a badge says it: a listed term as it is, any other in the extension form.
 * @throws DomainError definition/faulty for `Certification` and `License`, which publication refuses before
 */
export const achievementTypeOf = (type: string): string => {
  const term = type.replace(/^ext:/, '');
  if (RESERVED.has(term)) throw new DomainError('definition/faulty', { achievementType: type });
  return LISTED.has(type) ? type : `ext:${term}`;
};
