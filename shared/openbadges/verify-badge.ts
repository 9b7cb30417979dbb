/** Verifies a badge of either generation of Open Badges, told apart by what it looks like. */
import { isObject, type JsonObject } from './json-object.ts';
import { jwsOf } from './jws.ts';
import { verifyCredential } from './verify.ts';
import { verifyAssertion } from './verify-assertion.ts';
import { isOpenBadges2 } from './verify-assertion-shape.ts';
import type { Verification, VerificationNeeds } from './verify-run.ts';

export type Standard = 'open-badges-2' | 'open-badges-3';

/**
 * Never throws on what it is given: a JSON value, or a compact JWS.
 * What was baked into an image or lies at an address is for the caller to take out or fetch.
 */
export const verifyBadge = async (
  submitted: unknown,
  needs: VerificationNeeds,
): Promise<Verification & { readonly standard: Standard; readonly document: JsonObject | undefined }> => {
  const document = typeof submitted === 'string' ? jwsOf(submitted.trim())?.payload : isObject(submitted) ? submitted : undefined;
  const isOlder = document !== undefined && isOpenBadges2(document);
  const verification = await (isOlder ? verifyAssertion : verifyCredential)(submitted, needs);
  return { ...verification, standard: isOlder ? 'open-badges-2' : 'open-badges-3', document };
};
