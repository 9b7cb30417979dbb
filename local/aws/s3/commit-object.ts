/**
 * The step in which an object comes to be: condition, row, event and what else belongs to it, in one transaction.
 * Before it the new bytes are a file that nobody names; after it the old ones are.
 */
import { inTransaction } from '../sqlite-file.ts';
import { type Call, newVersionId } from './call.ts';
import { holdWriteCondition, type WriteCondition } from './conditions.ts';
import { noSuchBucket } from './error-response.ts';
import { type CreationReason, objectCreated } from './object-created.ts';
import type { NewVersion, ObjectVersion } from './object-table.ts';

export interface Draft extends Pick<NewVersion, 'bytes' | 'etag' | 'headers' | 'tags' | 'checksum' | 'pieces'> {
  readonly reason: CreationReason;
  readonly condition: WriteCondition;
}

/** `before` runs first inside the transaction and returns the draft together with blobs that nobody will name any more. */
export const commitObject = (call: Call, before: () => { readonly draft: Draft; readonly orphans: readonly string[] }): ObjectVersion => {
  const { database, blobs, outbox } = call.stores;
  const { version, orphans } = inTransaction(database, () => write(call, before()));
  blobs.drop(orphans);
  outbox.wake();
  return version;
};

/** The same for bytes that have just been taken in: refused, they are thrown away. */
export const commitBlob = (call: Call, blob: string, draft: Draft): ObjectVersion => {
  try {
    return commitObject(call, () => ({ draft, orphans: [] }));
  } catch (error) {
    call.stores.blobs.drop([blob]);
    throw error;
  }
};

interface Written {
  readonly version: ObjectVersion;
  readonly orphans: readonly string[];
}

const write = (call: Call, { draft, orphans }: { readonly draft: Draft; readonly orphans: readonly string[] }): Written => {
  const { buckets, objects, outbox, now } = call.stores;
  // Read again: the body may have taken minutes to arrive.
  const bucket = buckets.find(call.bucket.name);
  if (bucket === undefined) throw noSuchBucket(call.bucket.name);
  const { reason, condition, ...content } = draft;
  holdWriteCondition(condition, call.key, objects.latest(bucket.name, call.key));
  const versionId = bucket.versioning === 'Enabled' ? newVersionId() : 'null';
  const replaced = versionId === 'null' ? objects.version(bucket.name, call.key, 'null') : undefined;
  const freed = replaced === undefined ? [] : objects.remove(replaced);
  const place = { bucket: bucket.name, key: call.key, versionId, deleteMarker: false, modifiedMs: now() };
  const version = objects.insert({ ...content, ...place });
  if (bucket.notify) outbox.add(objectCreated(version, { requestId: call.requestId, reason }));
  return { version, orphans: [...orphans, ...freed] };
};
