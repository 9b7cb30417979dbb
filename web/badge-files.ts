/** The image of a published version as the bytes of its files: the same for the same version, whoever asks and however often. */
import type { Issuer } from '#domain/issuer.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import { badgeFacts } from './badge-facts.ts';
import { badgeImage } from './badge-image.ts';
import type { Rasterizer } from './raster.ts';

export interface DrawnVersion {
  readonly definition: MicroCredentialDefinition;
  /** As it is registered: its name stands on the badge, its colour is the badge's. */
  readonly issuer: Pick<Issuer, 'profile'>;
  readonly achievementUrl: string;
  /** ISO 8601. */
  readonly publishedAt: string;
}

export interface BadgeFiles {
  readonly png: Uint8Array;
  readonly svg: string;
}

export const badgeFiles = ({ definition, issuer, achievementUrl, publishedAt }: DrawnVersion, rasterizer: Rasterizer): BadgeFiles => {
  const { name, brandColour } = issuer.profile;
  const drawing = badgeImage(badgeFacts(definition, { issuer: name, achievementUrl, publishedAt, brandColour }), rasterizer.faces);
  return { png: rasterizer.png(drawing), svg: rasterizer.svg(drawing) };
};
