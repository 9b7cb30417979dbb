/**
 * ecdsa-sd-2023, the holder's part: from a badge with a base proof to one that shows only what is chosen.
 * @see https://www.w3.org/TR/vc-di-ecdsa/#add-derived-proof-ecdsa-sd-2023
 */
import type { CanonicalizeAndGroup, Group } from '#linked-data/group.ts';
import { select } from '#linked-data/selection.ts';
import { type JsonObject, textOf } from '../json-object.ts';
import { hmacLabel } from './ecdsa-sd-2023-base.ts';
import { baseProofValueOf, derivedProofText } from './ecdsa-sd-2023-proof-value.ts';

export interface DeriveNeeds {
  readonly group: CanonicalizeAndGroup;
  /** JSON Pointers to what is shown beside the mandatory parts. */
  readonly selectivePointers: readonly string[];
}

/**
 * The document with a derived proof in place of its base proof; undefined if the proof is no base proof.
 * @throws RangeError if nothing at all would be shown, PointerError, CanonicalizationError
 */
export const derive = async (
  { document, proof }: { readonly document: JsonObject; readonly proof: JsonObject },
  { group, selectivePointers }: DeriveNeeds,
): Promise<JsonObject | undefined> => {
  const { proofValue, ...options } = proof;
  const base = baseProofValueOf(textOf(proofValue) ?? '');
  if (base === undefined || proof.cryptosuite !== 'ecdsa-sd-2023') return undefined;
  const { hmacKey, mandatoryPointers: mandatory, signatures, ...signed } = base;
  const combined = [...mandatory, ...selectivePointers];
  const shown = select(document, combined);
  if (shown === undefined) throw new RangeError('nothing was chosen and nothing is mandatory');
  const pointers = { mandatory, selective: selectivePointers, combined };
  const { groups } = await group(document, { pointers, label: hmacLabel(hmacKey) });
  const value = {
    ...signed,
    signatures: signaturesOf(groups, signatures),
    labels: labelsOf(groups.combined),
    mandatoryIndexes: placesOf(groups),
  };
  return { ...shown, proof: { ...options, proofValue: derivedProofText(value) } };
};

type Named = Readonly<Record<'mandatory' | 'selective' | 'combined', Group>>;

/** Places of the mandatory statements among those that are shown. */
const placesOf = ({ mandatory, combined }: Named): readonly number[] =>
  [...combined.matching.keys()].flatMap((place, index) => (mandatory.matching.has(place) ? [index] : []));

// The n-th signature is over the n-th statement that is not mandatory.
const signaturesOf = ({ mandatory, selective }: Named, signatures: readonly Uint8Array[]): readonly Uint8Array[] =>
  [...mandatory.nonMatching.keys()].flatMap((place, index) => (selective.matching.has(place) ? (signatures[index] ?? []) : []));

const labelsOf = ({ canonicalLabels }: Group): ReadonlyMap<string, string> =>
  new Map([...canonicalLabels].map(([label, canonical]) => [canonical, label]));
