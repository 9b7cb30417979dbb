/**
 * Malware Protection for S3 on one machine: reads each new object of a bucket and reports as GuardDuty does. It knows
 * one malware only, the EICAR test file, so that the whole path can be walked with a harmless virus.
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/monitor-with-eventbridge-s3-malware-protection.html
 */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { S3 } from './s3/s3.ts';
import { ACCOUNT, REGION } from './service.ts';

// In two halves, or a scanner on the developer's own machine would take this file away.
const EICAR = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''), 'latin1');

const PLAN_ARN = `arn:aws:guardduty:${REGION}:${ACCOUNT}:malware-protection-plan/local`;

/** How a scan ended; each result has the status that GuardDuty gives it. */
type Verdict =
  | { readonly result: 'NO_THREATS_FOUND'; readonly status: 'COMPLETED' }
  | { readonly result: 'THREATS_FOUND'; readonly status: 'COMPLETED'; readonly threat: string }
  | { readonly result: 'UNSUPPORTED'; readonly status: 'SKIPPED'; readonly reason: string }
  | { readonly result: 'FAILED'; readonly status: 'FAILED' };

interface Scanned {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly versionId: string | undefined;
}

/** The scan result of the version that an Object Created event tells of. Scanning twice gives the same result twice. */
export const scanObject = async (s3: Pick<S3, 'read'>, event: object, now: () => number = Date.now): Promise<object> => {
  const scanned = scannedOf(event);
  const verdict = await verdictOn(s3, scanned);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'GuardDuty Malware Protection Object Scan Result',
    source: 'aws.guardduty',
    account: ACCOUNT,
    time: new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources: [PLAN_ARN],
    detail: {
      schemaVersion: '1.0',
      scanStatus: verdict.status,
      resourceType: 'S3_OBJECT',
      s3ObjectDetails: {
        bucketName: scanned.bucket,
        objectKey: scanned.key,
        eTag: scanned.etag,
        versionId: scanned.versionId ?? 'null',
        s3Throttled: false,
      },
      scanResultDetails: {
        scanResultStatus: verdict.result,
        threats: verdict.result === 'THREATS_FOUND' ? [{ name: verdict.threat }] : null,
        statusReasons: verdict.result === 'UNSUPPORTED' ? [verdict.reason] : null,
      },
    },
  };
};

const verdictOn = async (s3: Pick<S3, 'read'>, { bucket, key, versionId }: Scanned): Promise<Verdict> => {
  const stored = s3.read(bucket, key, versionId);
  // Deleted before its turn came.
  if (stored === undefined) return FAILED;
  try {
    return await verdictOnBytes(stored.stream());
  } catch {
    return FAILED;
  }
};

const FAILED: Verdict = { result: 'FAILED', status: 'FAILED' };

const verdictOnBytes = async (stream: Readable): Promise<Verdict> => {
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    if (head.byteLength < ZIP_HEAD_BYTES) head = Buffer.concat([head, bytes.subarray(0, ZIP_HEAD_BYTES)]);
    // The signature may lie across two chunks: all but one byte of it is kept for the next look.
    const seen = Buffer.concat([tail, bytes]);
    if (seen.includes(EICAR)) return { result: 'THREATS_FOUND', status: 'COMPLETED', threat: 'EICAR-Test-File (not a virus)' };
    tail = Buffer.from(seen.subarray(Math.max(seen.byteLength - EICAR.byteLength + 1, 0)));
  }
  if (isPasswordProtectedZip(head)) return { result: 'UNSUPPORTED', status: 'SKIPPED', reason: 'PASSWORD_PROTECTED' };
  return { result: 'NO_THREATS_FOUND', status: 'COMPLETED' };
};

const ZIP_HEAD_BYTES = 8;

/** Bit 0 of the flags of the first local file header. APPNOTE.TXT 6.3.10, 4.3.7 and 4.4.4. */
const isPasswordProtectedZip = (head: Buffer): boolean =>
  head.byteLength >= ZIP_HEAD_BYTES && head.readUInt32LE(0) === 0x04034b50 && (head.readUInt16LE(6) & 1) === 1;

/** @throws TypeError for anything but an Object Created event */
const scannedOf = (event: object): Scanned => {
  const detail = member(event, 'detail');
  const object = member(detail, 'object');
  const versionId = member(object, 'version-id');
  return {
    bucket: textOf(member(member(detail, 'bucket'), 'name')),
    key: textOf(member(object, 'key')),
    etag: textOf(member(object, 'etag')),
    versionId: versionId === undefined ? undefined : textOf(versionId),
  };
};

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined;

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  throw new TypeError('not an Object Created event of S3');
};
