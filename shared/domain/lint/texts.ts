/** Every text that publication looks at: those of the definition, and those of the registered issuer where they are others. */
import type { MicroCredentialDefinition } from '../micro-credential.ts';
import { pointerTo } from '../pointer.ts';
import type { LintContext, Path } from './finding.ts';

export interface Text {
  readonly path: Path;
  readonly value: string;
  /** Stands in the profile that the issuer registered, not in the definition; its path is that of the same field there. */
  readonly registered?: boolean;
}

/** Every text below a value, with its place. */
export const textsOf = (value: unknown, path: Path): readonly Text[] => {
  if (typeof value === 'string') return [{ path, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => textsOf(child, [...path, Array.isArray(value) ? Number(key) : key]));
};

const nameOf = ({ path, value }: Text): string => `${pointerTo(path)} ${value}`;

/** Badges take the issuer from its registered profile, so that its texts count as much as the definition's own. */
export const textsIn = (definition: MicroCredentialDefinition, { registeredProfile }: LintContext): readonly Text[] => {
  const own = textsOf(definition, []);
  const known = new Set(own.map(nameOf));
  const others = textsOf(registeredProfile, ['issuer']).filter((text) => !known.has(nameOf(text)));
  return [...own, ...others.map((text) => ({ ...text, registered: true }))];
};

/** Ends a sentence about a text that changing the definition would not mend. */
export const remedyFor = ({ registered }: Text): string =>
  registered === true ? ' It stands in the profile that the issuer registered: register the profile anew.' : '';
