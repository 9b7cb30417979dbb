/**
 * Every form in which a badge is published, made from one frozen credential: all of them or, if one cannot be made, none.
 * The JSON stands last, since whoever finds it may rely on the others being there.
 */
import type { FrozenCredential } from './achievement-credential.ts';
import { assertion, withdrawnAssertion } from './assertion.ts';
import { OPEN_BADGES_2_SUFFIX, OPEN_BADGES_2_TYPE } from './badge-class.ts';
import { bakePng } from './baked-png.ts';
import { bakeSvg } from './baked-svg.ts';
import { isObject } from './json-object.ts';

export interface BadgeSources {
  readonly frozen: FrozenCredential;
  /** The badge with its embedded proof, as it was signed. */
  readonly json: string;
  /** The badge as a compact JWS. */
  readonly jwt: string;
  /** The offering's image; the badge is baked into both. */
  readonly image: { readonly png: Uint8Array; readonly svg: string };
  /** Why the badge is on hold or revoked; absent, it stands. */
  readonly withdrawn?: string | undefined;
}

/** A file of a badge, under the badge's address and a suffix. */
export interface BadgeFile {
  readonly suffix: '.jwt' | '.ob2.json' | '.png' | '.svg' | '.json';
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** Status of the answer; 200 unless it says otherwise. */
  readonly status?: 410;
}

/**
 * In the order in which they are to be written.
 * @throws RangeError if a text is not about this badge, or an image is none
 */
export const badgeForms = ({ frozen, json, jwt, image, withdrawn }: BadgeSources): readonly BadgeFile[] => {
  requireOneBadge(frozen, { json, jwt });
  const older = JSON.stringify(assertion(frozen));
  const baked = { credential: json, assertion: older };
  return [
    // The standard names text/plain for a JWS as a web resource.
    { suffix: '.jwt', contentType: 'text/plain; charset=utf-8', bytes: utf8(jwt) },
    hostedAssertion(frozen.id, older, withdrawn),
    { suffix: '.png', contentType: 'image/png', bytes: bakePng(image.png, baked) },
    { suffix: '.svg', contentType: 'image/svg+xml', bytes: utf8(bakeSvg(image.svg, baked)) },
    { suffix: '.json', contentType: 'application/vc+ld+json', bytes: utf8(json) },
  ];
};

/** The older generation is withdrawn by what its address answers; the newer one by its status list, so the other forms stay. */
const hostedAssertion = (credentialUrl: string, text: string, withdrawn: string | undefined): BadgeFile => {
  const named = { suffix: OPEN_BADGES_2_SUFFIX, contentType: OPEN_BADGES_2_TYPE } as const;
  if (withdrawn === undefined) return { ...named, bytes: utf8(text) };
  return { ...named, bytes: utf8(JSON.stringify(withdrawnAssertion(credentialUrl, withdrawn))), status: 410 };
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Files of two badges under one address would be believed, each for itself. */
const requireOneBadge = ({ id }: FrozenCredential, { json, jwt }: { readonly json: string; readonly jwt: string }): void => {
  const payload = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8');
  for (const text of [json, payload]) if (idIn(text) !== id) throw new RangeError(`a form of another badge than ${id}`);
};

const idIn = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value.id : undefined;
  } catch {
    return undefined;
  }
};
