/** Conditional reads and writes: what the If-… headers ask of the object that is there. */
import type { AwsError } from '../service.ts';
import type { Headers } from './claims.ts';
import { noSuchKey, notImplemented, preconditionFailed } from './error-response.ts';
import type { ObjectVersion } from './object-table.ts';

/** `If-None-Match: *` or `If-Match: etag` on a write; at most one of them. */
export type WriteCondition = { readonly is: 'none' } | { readonly is: 'absent' } | { readonly is: 'unchanged'; readonly etag: string };

/** @throws AwsError NotImplemented, as S3 does for any other If-None-Match */
export const writeConditionOf = (headers: Headers): WriteCondition => {
  const ifNoneMatch = headers['if-none-match'];
  const ifMatch = headers['if-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') throw notImplemented('If-None-Match');
  if (ifNoneMatch !== undefined && ifMatch !== undefined) throw notImplemented('If-None-Match');
  if (ifNoneMatch !== undefined) return { is: 'absent' };
  return ifMatch === undefined ? { is: 'none' } : { is: 'unchanged', etag: ifMatch };
};

/** A delete marker counts as absence. @throws AwsError PreconditionFailed, or NoSuchKey where If-Match meets nothing */
export const holdWriteCondition = (condition: WriteCondition, key: string, latest: ObjectVersion | undefined): void => {
  const present = latest === undefined || latest.deleteMarker ? undefined : latest;
  if (condition.is === 'absent' && present !== undefined) throw preconditionFailed('If-None-Match');
  if (condition.is !== 'unchanged') return;
  if (present === undefined) throw noSuchKey(key);
  if (!matches(condition.etag, present.etag)) throw preconditionFailed('If-Match');
};

/** Where the four headers stand: `if-` on a read, `x-amz-copy-source-if-` on a copy. */
export type ReadConditionPrefix = 'if-' | 'x-amz-copy-source-if-';

/** RFC 9110, 13.2.2: an entity tag outranks a date. */
export const readOutcome = (headers: Headers, prefix: ReadConditionPrefix, { etag, modifiedMs }: ObjectVersion): 'changed' | 'same' => {
  const ifMatch = headers[`${prefix}match`];
  const ifNoneMatch = headers[`${prefix}none-match`];
  const unmodifiedSince = secondsOf(headers[`${prefix}unmodified-since`]);
  const modifiedSince = secondsOf(headers[`${prefix}modified-since`]);
  const modified = Math.floor(modifiedMs / 1000);
  if (ifMatch !== undefined && !matches(ifMatch, etag)) throw preconditionFailed('If-Match');
  if (ifMatch === undefined && unmodifiedSince !== undefined && modified > unmodifiedSince) throw preconditionFailed('If-Unmodified-Since');
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, etag) ? 'same' : 'changed';
  return modifiedSince !== undefined && modified <= modifiedSince ? 'same' : 'changed';
};

const matches = (stated: string, etag: string): boolean =>
  stated.split(',').some((candidate) => {
    const bare = candidate.trim().replace(/^W\//, '').replaceAll('"', '');
    return bare === '*' || bare === etag;
  });

const secondsOf = (date: string | undefined): number | undefined => {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
};

/** For a condition on a copy's source, where there is no 304 to answer with. */
export const sourceUnchanged = (): AwsError => preconditionFailed('x-amz-copy-source-If-None-Match');
