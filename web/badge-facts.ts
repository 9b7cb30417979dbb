/** What the image of a version says, taken from its definition. */
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { BadgeFacts } from './badge-image.ts';
import type { BadgeShape } from './badge-shape.ts';

export interface Published {
  /** Name of the registered issuer. */
  readonly issuer: string;
  readonly achievementUrl: string;
  /** Instant at which the version was published, ISO 8601. */
  readonly publishedAt: string;
  /** `#rrggbb` of the provider. */
  readonly brandColour?: string | undefined;
}

/** One can do it, one knows it, one took part: three kinds of learning that nobody should take for each other. */
const SHAPES: Readonly<Record<MicroCredentialDefinition['credentialKind'], BadgeShape>> = {
  application: 'hexagon',
  knowledge: 'seal',
  recognition: 'disc',
};

export const badgeFacts = (definition: MicroCredentialDefinition, published: Published): BadgeFacts => {
  const { name, credentialKind, level } = definition;
  const { issuer, achievementUrl, publishedAt, brandColour } = published;
  return {
    name,
    issuer,
    notes: [...levelNotes(level), publishedAt.slice(0, 'YYYY'.length)],
    shape: SHAPES[credentialKind],
    seed: achievementUrl,
    brandColour,
  };
};

/** The level that most readers know; a level in words alone stands on the page. */
const levelNotes = ({ eqf, nqf, aqf }: MicroCredentialDefinition['level']): readonly string[] => {
  if (eqf !== undefined) return [`EQF ${eqf.value}`];
  if (aqf !== undefined) return [`AQF ${aqf.value}`];
  return nqf === undefined ? [] : [`${nqf.framework} ${nqf.value}`];
};
