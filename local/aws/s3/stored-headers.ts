/** The headers that travel with an object: taken from the request that writes it, served with the bytes. */
import { AwsError } from '../service.ts';
import { checksumHeader } from './checksum.ts';
import type { Headers } from './claims.ts';
import { notImplemented } from './error-response.ts';
import type { ObjectHead } from './object-table.ts';

/** Amazon S3 User Guide, "Working with object metadata": names and values together. */
const USER_METADATA_BYTES_MAX = 2048;

const SYSTEM_HEADERS = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type', 'expires'];

const USER_PREFIX = 'x-amz-meta-';

/** @throws AwsError MetadataTooLarge */
export const storedHeaders = (headers: Headers): Headers => {
  const system = SYSTEM_HEADERS.map((name): [string, string] => [name, systemValue(name, headers[name] ?? '')]).filter(
    ([, value]) => value !== '',
  );
  const user = Object.entries(headers).filter(([name]) => name.startsWith(USER_PREFIX));
  const userBytes = user.reduce((sum, [name, value]) => sum + name.length - USER_PREFIX.length + value.length, 0);
  if (userBytes > USER_METADATA_BYTES_MAX) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      extra: { Size: userBytes, MaxSizeAllowed: USER_METADATA_BYTES_MAX },
    });
  }
  return { 'content-type': 'binary/octet-stream', ...Object.fromEntries([...system, ...user]) };
};

/** `aws-chunked` is how the bytes travelled, not how they are stored. */
const systemValue = (name: string, value: string): string =>
  name === 'content-encoding'
    ? value
        .split(',')
        .map((coding) => coding.trim())
        .filter((coding) => coding !== 'aws-chunked')
        .join(',')
    : value;

/** Encryption with S3's own keys is what every bucket does; an ACL that grants the owner what they have changes nothing. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  'x-amz-server-side-encryption': ['AES256'],
  'x-amz-acl': ['private', 'bucket-owner-full-control'],
  'x-amz-storage-class': ['STANDARD'],
};

const MEANINGFUL =
  /^x-amz-(?:acl|grant-.*|object-lock-.*|server-side-encryption.*|storage-class|website-redirect-location|write-offset-bytes)$/;

/** Refuses what would be silently lost here, but not in the cloud. @throws AwsError NotImplemented */
export const refuseUnknownMeaning = (headers: Headers): void => {
  for (const [name, value] of Object.entries(headers)) {
    if (MEANINGFUL.test(name) && !HARMLESS[name]?.includes(value)) throw notImplemented(name);
  }
};

export const checksumHeaders = ({ checksum }: Pick<ObjectHead, 'checksum'>): Headers =>
  checksum === undefined ? {} : { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };

const OVERRIDES = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type', 'expires'];

/** `response-content-disposition` and its like. @throws AwsError InvalidArgument for what no header can hold */
export const overriddenHeaders = (query: URLSearchParams): Headers => {
  const overridden: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value === null) continue;
    if (!/^[\t\x20-\x7e\xa0-\xff]*$/.test(value)) {
      throw new AwsError('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
        extra: { ArgumentName: `response-${name}`, ArgumentValue: value },
      });
    }
    overridden[name] = value;
  }
  return overridden;
};

export const quoted = (etag: string): string => `"${etag}"`;

/** HTTP dates count whole seconds. */
export const httpDate = (ms: number): string => new Date(ms).toUTCString();
