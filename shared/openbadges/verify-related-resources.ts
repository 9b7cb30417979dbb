/**
 * Whether what a credential points to is still what it was: the digests of its related resources.
 * @see https://www.w3.org/TR/vc-data-model-2.0/#integrity-of-related-resources
 */
import { failed, notChecked, type Outcome, PASSED, worstOf } from './check.ts';
import { isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import { multibaseDecode } from './multibase.ts';
import { digest, type HashName, sameBytes, toBase64 } from './primitives.ts';
import type { Run } from './verify-run.ts';

/** More is refused rather than fetched. */
const RESOURCES_MAX = 16;

/** Multihash code and length. @see https://www.w3.org/TR/cid-1.0/#multihash */
const MULTIHASH: readonly { readonly prefix: readonly number[]; readonly algorithm: HashName }[] = [
  { prefix: [0x12, 0x20], algorithm: 'sha256' },
  { prefix: [0x20, 0x30], algorithm: 'sha384' },
  { prefix: [0x13, 0x40], algorithm: 'sha512' },
];

export const checkRelatedResources = async ({ relatedResource }: JsonObject, { loadBytes }: Run): Promise<Outcome> => {
  const resources = listOf(relatedResource).filter(isObject);
  if (loadBytes === undefined || resources.length > RESOURCES_MAX) return notChecked('related-resources/unsupported');
  return worstOf(await Promise.all(resources.map((resource) => checkResource(resource, loadBytes))));
};

const checkResource = async (resource: JsonObject, loadBytes: NonNullable<Run['loadBytes']>): Promise<Outcome> => {
  const bytes = await loadBytes(textOf(resource.id) ?? '').catch(() => undefined);
  if (bytes === undefined) return notChecked('related-resources/unreachable');
  const { digestSRI, digestMultibase } = resource;
  const answers = [
    ...(digestSRI === undefined ? [] : [await matchesIntegrity(String(digestSRI), bytes)]),
    ...(digestMultibase === undefined ? [] : [await matchesMultihash(String(digestMultibase), bytes)]),
  ];
  if (answers.includes('different')) return failed('related-resources/different');
  return answers.includes('unsupported') ? notChecked('related-resources/unsupported') : PASSED;
};

type Match = 'same' | 'different' | 'unsupported';

/** Several digests may stand side by side; of the strongest algorithm one must match. Subresource Integrity §3.3. */
const matchesIntegrity = async (text: string, bytes: Uint8Array): Promise<Match> => {
  const stated = [...text.matchAll(/(?:^|\s)(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})(?:\?\S*)?(?=\s|$)/g)];
  const strongest = stated
    .map(([, name]) => name ?? '')
    .sort()
    .at(-1);
  const algorithm = MULTIHASH.find((known) => known.algorithm === strongest)?.algorithm;
  if (algorithm === undefined) return 'unsupported';
  const actual = toBase64(await digest(algorithm, bytes));
  return stated.some(([, name, value]) => name === algorithm && value === actual) ? 'same' : 'different';
};

const matchesMultihash = async (text: string, bytes: Uint8Array): Promise<Match> => {
  const stated = multibaseDecode(text);
  const form = MULTIHASH.find(({ prefix }) => stated !== undefined && sameBytes(stated.subarray(0, 2), new Uint8Array(prefix)));
  if (stated === undefined || form === undefined) return 'unsupported';
  return sameBytes(stated.subarray(2), await digest(form.algorithm, bytes)) ? 'same' : 'different';
};
