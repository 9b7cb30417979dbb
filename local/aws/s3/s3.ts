/**
 * The S3 of one machine: path-style, over the wire that the AWS SDK speaks. Evidence comes in here, public files go
 * out. Who signed the request is already known; what it may do is asked before anything else is told.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ACCOUNT, AwsError, type WireRequest, type WireResponse } from '../service.ts';
import { addressOf, holdKeyLength } from './address.ts';
import { openBlobs, type Span } from './blobs.ts';
import { createBucket, holdBucketName } from './bucket-operations.ts';
import { type Bucket, bucketTable, type CorsRule } from './bucket-table.ts';
import { bucketArn, objectArn, type Stores } from './call.ts';
import type { Headers } from './claims.ts';
import { answerPreflight, corsAnswerHeaders, type Preflight } from './cors.ts';
import { openDatabase } from './database.ts';
import { errorResponse, noSuchBucket } from './error-response.ts';
import { type ObjectHead, objectTable } from './object-table.ts';
import { type Route, routeOf } from './operations.ts';
import { type EventListener, openOutbox } from './outbox.ts';
import { uploadTable } from './upload-table.ts';

export interface StoredObject {
  readonly head: ObjectHead;
  /** Fails if the object has been deleted since. */
  stream(span?: Span): Readable;
}

export interface BucketOptions {
  readonly versioned?: boolean;
  /** Whether Object Created events are sent. */
  readonly notify?: boolean;
  readonly cors?: readonly CorsRule[];
}

export interface S3 {
  /** A request whose signature is verified. Errors that a caller can make come back as answers. */
  handle(request: WireRequest): Promise<WireResponse>;
  /** OPTIONS: browsers ask without signing. */
  preflight(request: Preflight): WireResponse;
  /** To be added to every answer to a browser. */
  corsHeaders(path: string, origin: string | undefined, method: string): Headers;
  /** For the edge and the malware scan, which have rights of their own; undefined where there is nothing to read. */
  read(bucket: string, key: string, versionId?: string): StoredObject | undefined;
  /** An event is delivered again, now or after a restart, until every listener has resolved. */
  onObjectCreated(listener: EventListener): void;
  /** Idempotent; what the options leave out stays as it is. */
  createBucket(name: string, options: BucketOptions): void;
  close(): void;
}

export const openS3 = ({ folder, now = Date.now }: { readonly folder: string; readonly now?: () => number }): S3 => {
  const stores = openStores(folder, now);
  const { buckets, objects, blobs, outbox, database } = stores;
  return {
    handle: async (request) => {
      const requestId = newRequestId();
      const answer = await answered(stores, request, requestId);
      drain(request.body);
      return { ...answer, headers: { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId, ...answer.headers } };
    },
    preflight: (request) => answerPreflight(buckets, request, newRequestId()),
    corsHeaders: (path, origin, method) => (origin === undefined ? {} : corsAnswerHeaders(buckets, path, { origin, method })),
    read: (bucket, key, versionId) => {
      const head = versionId === undefined ? objects.latest(bucket, key) : objects.version(bucket, key, versionId);
      if (head === undefined || head.deleteMarker) return undefined;
      const whole = { first: 0, last: head.bytes - 1 };
      return { head, stream: (span = whole) => blobs.stream(objects.pieces(head), span) };
    },
    onObjectCreated: outbox.listen,
    createBucket: (name, { versioned = false, notify, cors }) => {
      holdBucketName(name);
      buckets.create(name, now());
      if (versioned) buckets.setVersioning(name, 'Enabled');
      if (notify !== undefined) buckets.setNotify(name, notify);
      if (cors !== undefined) buckets.setCors(name, cors);
    },
    close: () => {
      outbox.close();
      database.close();
    },
  };
};

const openStores = (folder: string, now: () => number): Stores => {
  const database = openDatabase(join(folder, 's3.sqlite'));
  const objects = objectTable(database);
  const uploads = uploadTable(database);
  const blobs = openBlobs(join(folder, 's3-bytes'), [...objects.blobs(), ...uploads.blobs()]);
  return { database, buckets: bucketTable(database), objects, uploads, blobs, outbox: openOutbox(database), now };
};

/**
 * A refusal leaves the rest of a body unread, and a client that cannot finish sending never reads the answer. What goes
 * wrong from here on concerns nobody.
 */
const drain = (body: Readable): void => {
  body.on('error', () => undefined);
  body.resume();
};

const newRequestId = (): string => randomBytes(8).toString('hex').toUpperCase();

const answered = async (stores: Stores, request: WireRequest, requestId: string): Promise<WireResponse> => {
  try {
    return await answer(stores, request, requestId);
  } catch (error) {
    if (error instanceof AwsError) return errorResponse(error, { method: request.method, path: request.path, requestId });
    throw error;
  }
};

const answer = async (stores: Stores, request: WireRequest, requestId: string): Promise<WireResponse> => {
  const address = addressOf(request.path);
  if (address === undefined) throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  const { bucket: name, key } = address;
  const route = routeOf(request, key);
  const arn = key === '' ? bucketArn(name) : objectArn(name, key);
  if (route.action !== undefined) request.caller.authorize(route.action, arn, contextOf(request));
  holdOwner(request.headers);
  holdKeyLength(key);
  const bucket = stores.buckets.find(name) ?? missingBucket(stores, request, { name, route });
  return route.run({ stores, request, bucket, key, requestId });
};

/** CreateBucket is the one operation on a bucket that is not there. @throws AwsError NoSuchBucket for the others */
const missingBucket = ({ now }: Stores, { caller }: WireRequest, { name, route }: { name: string; route: Route }): Bucket => {
  if (route.run === createBucket) {
    holdBucketName(name);
    return { name, createdMs: now(), versioning: 'Never', notify: false, cors: [] };
  }
  // DeleteObjects asks for each key by itself, so nothing has been asked yet.
  if (route.action === undefined) caller.authorize('s3:ListBucket', bucketArn(name));
  throw noSuchBucket(name);
};

const holdOwner = (headers: Headers): void => {
  const expected = headers['x-amz-expected-bucket-owner'];
  if (expected !== undefined && expected !== ACCOUNT) throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
};

/** Condition keys of IAM for S3 that a statement may ask about. */
const contextOf = ({ headers, query }: WireRequest): Readonly<Record<string, string>> => {
  const stated: readonly [string, string | null | undefined][] = [
    ['s3:prefix', query.get('prefix')],
    ['s3:delimiter', query.get('delimiter')],
    ['s3:max-keys', query.get('max-keys')],
    ['s3:VersionId', query.get('versionId')],
    ['s3:if-match', headers['if-match']],
    ['s3:if-none-match', headers['if-none-match']],
    ['s3:x-amz-content-sha256', headers['x-amz-content-sha256']],
    ['s3:x-amz-copy-source', headers['x-amz-copy-source']],
  ];
  return Object.fromEntries(stated.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
};
