/** The public files behind the edge. */
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import type { HostedFile, HostedFiles } from '#shared/ports.ts';
import { environment } from '../environment.ts';
import { s3 } from './client.ts';

const put = (file: HostedFile, precondition: { IfNoneMatch?: string; IfMatch?: string } = {}) =>
  s3().send(
    new PutObjectCommand({
      Bucket: environment('HOSTED_BUCKET'),
      Key: file.key,
      Body: file.body,
      ContentType: file.contentType,
      CacheControl: file.cacheControl,
      // The edge answers with this status: infra/constructs/answer.js.
      ...(file.status !== undefined && { Metadata: { status: String(file.status) } }),
      ...precondition,
    }),
  );

const statusOf = (error: unknown): number | undefined => (error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined);

/** 412: the condition failed. 409: a concurrent conditional write is under way; whoever asks again finds its result. */
const isConflict = (error: unknown): boolean => [409, 412].includes(statusOf(error) ?? 0);

const bytesAt = async (key: string): Promise<Buffer> => {
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: environment('HOSTED_BUCKET'), Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

const create: HostedFiles['create'] = async (file) => {
  try {
    await put(file, { IfNoneMatch: '*' });
  } catch (error) {
    if (!isConflict(error)) throw error;
    if (!(await bytesAt(file.key)).equals(Buffer.from(file.body))) throw new Error(`${file.key} is already published with other bytes`);
  }
};

const etag: HostedFiles['etag'] = async (key) => {
  try {
    return (await s3().send(new HeadObjectCommand({ Bucket: environment('HOSTED_BUCKET'), Key: key }))).ETag;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
};

const swap: HostedFiles['swap'] = async (file, seen) => {
  try {
    await put(file, seen === undefined ? { IfNoneMatch: '*' } : { IfMatch: seen });
    return true;
  } catch (error) {
    if (isConflict(error) || statusOf(error) === 404) return false;
    throw error;
  }
};

const read: HostedFiles['read'] = async (key) => {
  try {
    return await bytesAt(key);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
};

export const s3HostedFiles = (): HostedFiles => ({
  create,
  etag,
  read,
  swap,
  replace: async (file) => {
    await put(file);
  },
  remove: async (key) => {
    await s3().send(new DeleteObjectCommand({ Bucket: environment('HOSTED_BUCKET'), Key: key }));
  },
});
