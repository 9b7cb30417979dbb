/** Object tags: their rules and their three operations. */
import { AwsError, type WireResponse } from '../service.ts';
import { type Call, requestedVersion, versionHeader } from './call.ts';
import { claimsOf } from './claims.ts';
import { noSuchKey } from './error-response.ts';
import type { ObjectVersion } from './object-table.ts';
import { receiveXml } from './payload.ts';
import { child, childrenOf, childText, element, malformedXml, parseXml, type XmlElement, xmlDocument } from './xml.ts';

// Amazon S3 User Guide, "Categorizing your storage using tags".
const TAGS_MAX = 10;
const KEY_LENGTH_MAX = 128;
const VALUE_LENGTH_MAX = 256;
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export type Tags = Readonly<Record<string, string>>;

/** `x-amz-tagging`, written like a query. @throws AwsError InvalidTag or InvalidArgument */
export const tagsOfHeader = (header: string): Tags => checked([...new URLSearchParams(header)]);

export const getObjectTagging = (call: Call): WireResponse => {
  const version = taggedVersion(call);
  const tags = Object.entries(version.tags).map(([key, value]) => element('Tag', [element('Key', key), element('Value', value)]));
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...versionHeader(call, version.versionId) },
    body: xmlDocument('Tagging', [element('TagSet', tags)]),
  };
};

export const putObjectTagging = async (call: Call): Promise<WireResponse> => {
  taggedVersion(call);
  const body = parseXml(await receiveXml(call.request, claimsOf(call.request.headers)));
  const set = child(body, 'TagSet');
  if (body.name !== 'Tagging' || set === undefined) throw malformedXml();
  const tags = checked(childrenOf(set, 'Tag').map(pairOf));
  const version = taggedVersion(call);
  call.stores.objects.setTags(version, tags);
  return { status: 200, headers: versionHeader(call, version.versionId) };
};

export const deleteObjectTagging = (call: Call): WireResponse => {
  const version = taggedVersion(call);
  call.stores.objects.setTags(version, {});
  return { status: 204, headers: versionHeader(call, version.versionId) };
};

const taggedVersion = (call: Call): ObjectVersion => {
  const version = requestedVersion(call);
  if (version.deleteMarker) throw noSuchKey(call.key);
  return version;
};

const pairOf = (tag: XmlElement): [string, string] => {
  const key = childText(tag, 'Key');
  const value = childText(tag, 'Value');
  if (key === undefined || value === undefined) throw malformedXml();
  return [key, value];
};

const checked = (pairs: readonly [string, string][]): Tags => {
  if (pairs.length > TAGS_MAX) throw new AwsError('BadRequest', `Object tags cannot be greater than ${TAGS_MAX}`);
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw invalidTag('Cannot provide multiple Tags with the same key');
  for (const [key, value] of pairs) {
    if (key === '' || !isWithin(key, KEY_LENGTH_MAX)) throw invalidTag('The TagKey you have provided is invalid');
    if (key.startsWith('aws:')) throw invalidTag('System tags cannot be added/updated by requester');
    if (!isWithin(value, VALUE_LENGTH_MAX)) throw invalidTag('The TagValue you have provided is invalid');
  }
  return Object.fromEntries(pairs);
};

const isWithin = (text: string, lengthMax: number): boolean => text.length <= lengthMax && CHARACTERS.test(text);

const invalidTag = (message: string): AwsError => new AwsError('InvalidTag', message);
