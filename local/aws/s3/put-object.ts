/** PutObject: the body as an object, if it is what its headers promise and the condition holds. */
import { AwsError, type WireResponse } from '../service.ts';
import { authorizeKey, type Call, versionHeader } from './call.ts';
import { DEFAULT_ALGORITHM } from './checksum.ts';
import { claimsOf } from './claims.ts';
import { commitBlob } from './commit-object.ts';
import { holdWriteCondition, type WriteCondition, writeConditionOf } from './conditions.ts';
import { PUT_BYTES_MAX, receive } from './payload.ts';
import { checksumHeaders, quoted, refuseUnknownMeaning, storedHeaders } from './stored-headers.ts';
import { tagsOfHeader } from './tags.ts';
import { takeIn } from './take-in.ts';

export const putObject = async (call: Call): Promise<WireResponse> => {
  const { headers } = call.request;
  const written = writeOf(call);
  const claims = claimsOf(headers);
  if (claims.bytes === undefined) throw missingContentLength();
  // Known to be lost already: the body need not be written for that.
  holdWriteCondition(written.condition, call.key, call.stores.objects.latest(call.bucket.name, call.key));
  const algorithm = claims.checksum?.algorithm ?? DEFAULT_ALGORITHM;
  const { blob, digests } = await takeIn(call.stores.blobs, (write) =>
    receive(call.request, { claims, bytesMax: PUT_BYTES_MAX, algorithms: [algorithm], write }),
  );
  const version = commitBlob(call, blob, {
    ...written,
    bytes: digests.bytes,
    etag: digests.md5.toString('hex'),
    checksum: { algorithm, type: 'FULL_OBJECT', value: digests.of(algorithm).toString('base64') },
    pieces: [{ blob, bytes: digests.bytes }],
    reason: 'PutObject',
  });
  return { status: 200, headers: writtenHeaders(call, version) };
};

interface Written {
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly condition: WriteCondition;
}

/** What the headers say of an object to be written by this request, with the rights that saying it takes. */
const writeOf = (call: Call): Written => {
  const { headers } = call.request;
  refuseUnknownMeaning(headers);
  return { headers: storedHeaders(headers), tags: tagsToWrite(call), condition: conditionToWrite(call) };
};

/** @throws AwsError AccessDenied without s3:PutObjectTagging */
export const tagsToWrite = (call: Call): Readonly<Record<string, string>> => {
  const stated = call.request.headers['x-amz-tagging'];
  if (stated === undefined) return {};
  authorizeKey(call, 's3:PutObjectTagging');
  return tagsOfHeader(stated);
};

/** Comparing an entity tag tells what is there, so S3 asks for the right to read. @throws AwsError AccessDenied */
export const conditionToWrite = (call: Call): WriteCondition => {
  const condition = writeConditionOf(call.request.headers);
  if (condition.is === 'unchanged') authorizeKey(call, 's3:GetObject');
  return condition;
};

export const writtenHeaders = (call: Call, version: Parameters<typeof checksumHeaders>[0] & { etag: string; versionId: string }) => ({
  etag: quoted(version.etag),
  'x-amz-server-side-encryption': 'AES256',
  ...versionHeader(call, version.versionId),
  ...checksumHeaders(version),
});

export const missingContentLength = (): AwsError =>
  new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', { status: 411 });
