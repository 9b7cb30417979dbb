/**
 * Rules of the two buckets. `infra/` makes cloud resources of these facts and `local/` one machine, so the two cannot drift apart.
 */

/**
 * What a browser may send to a presigned address of the evidence bucket, and read of the answer. The three headers that a
 * browser adds to the PUT are the signed ones it can set; `content-length` it sets by itself and never asks about.
 */
export const EVIDENCE_CORS = {
  methods: ['GET', 'PUT'],
  requestHeaders: ['content-type', 'if-none-match', 'range', 'x-amz-checksum-sha256'],
  responseHeaders: ['content-range', 'etag', 'x-amz-checksum-sha256', 'x-amz-version-id'],
  maxAgeSeconds: 3600,
} as const;

/** Parts of an upload that was never completed are paid for until they are dropped; its address lived 15 minutes. */
export const INCOMPLETE_UPLOAD_DAYS = 2;

/** Evidence lies under this prefix; what else comes into the bucket (GuardDuty tests its access with an object) starts no step. */
export const EVIDENCE_PREFIX = 'evidence/';

/** Time to undo a deletion of evidence. An erasure is complete when this has passed. */
export const EVIDENCE_NONCURRENT_DAYS = 30;

/** Pages and status lists are replaced often; an older text is kept this long, for an inquiry. */
export const HOSTED_NONCURRENT_DAYS = 90;
