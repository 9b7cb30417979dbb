/** Learners' files: addresses for one exact upload, and the one reading that every later judgement relies on. */
import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { fileTypeFromBuffer } from 'file-type';
import { Sha256 } from '#domain/ids.ts';
import type { EvidenceStore } from '#shared/ports.ts';
import { environment } from '../environment.ts';
import { s3 } from './client.ts';

/** Enough for every signature that file-type knows, and for the directory of an office document written in the usual order. */
const HEAD_BYTES_MAX = 256 * 1024;
const HEAD_CHARACTERS = 200;

/** Signed as headers: hoisted into the query, S3 would ignore them, and the address would take any bytes. */
const ENFORCED_HEADERS = ['content-length', 'content-type', 'if-none-match', 'x-amz-checksum-sha256'];

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

const presignPut: EvidenceStore['presignPut'] = async (key, file, expiresIn) => {
  const checksum = base64(file.sha256);
  const command = new PutObjectCommand({
    Bucket: environment('EVIDENCE_BUCKET'),
    Key: key,
    ContentLength: file.bytes,
    ContentType: file.mediaType,
    IfNoneMatch: '*',
    ChecksumSHA256: checksum,
  });
  const enforced = new Set(ENFORCED_HEADERS);
  const url = await getSignedUrl(s3(), command, { expiresIn, signableHeaders: enforced, unhoistableHeaders: enforced });
  return {
    url,
    headers: {
      'content-length': String(file.bytes),
      'content-type': file.mediaType,
      'if-none-match': '*',
      'x-amz-checksum-sha256': checksum,
    },
  };
};

/** Reads a stream once: length, digest, first bytes, and whether all of it is text. */
const read = async (stream: AsyncIterable<Uint8Array>) => {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const head: Uint8Array[] = [];
  let bytes = 0;
  let text = true;
  for await (const chunk of stream) {
    hash.update(chunk);
    if (bytes < HEAD_BYTES_MAX) head.push(chunk.subarray(0, HEAD_BYTES_MAX - bytes));
    bytes += chunk.byteLength;
    text &&= isText(chunk, decoder);
  }
  return { bytes, sha256: Sha256.parse(hash.digest('hex')), head: Buffer.concat(head), text: text && ends(decoder) };
};

const isText = (chunk: Uint8Array, decoder: InstanceType<typeof TextDecoder>): boolean => {
  if (chunk.includes(0)) return false;
  try {
    decoder.decode(chunk, { stream: true });
    return true;
  } catch {
    return false;
  }
};

/** A file that stops in the middle of a character is not text. */
const ends = (decoder: InstanceType<typeof TextDecoder>): boolean => {
  try {
    decoder.decode();
    return true;
  } catch {
    return false;
  }
};

/** A bucket that is not there answers 404 too, but then the deployment is wrong. */
const GONE = new Set(['NoSuchKey', 'NoSuchVersion']);

const inspect: EvidenceStore['inspect'] = async (key, versionId) => {
  try {
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: environment('EVIDENCE_BUCKET'), Key: key, VersionId: versionId }));
    if (Body === undefined) return undefined;
    const { bytes, sha256, head, text } = await read(Body as AsyncIterable<Uint8Array>);
    const detected = await fileTypeFromBuffer(head);
    const facts = {
      text,
      head: head
        .toString('utf8')
        .replace(/^\uFEFF/, '')
        .slice(0, HEAD_CHARACTERS),
    };
    return { versionId, bytes, sha256, facts: detected === undefined ? facts : { ...facts, signature: detected.mime } };
  } catch (error) {
    if (error instanceof S3ServiceException && GONE.has(error.name)) return undefined;
    throw error;
  }
};

export const s3EvidenceStore = (): EvidenceStore => ({ presignPut, inspect });
