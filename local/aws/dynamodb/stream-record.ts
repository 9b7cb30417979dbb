/** A logged change in the two forms that AWS has for it: the Lambda event's and GetRecords'. */
import { hash } from 'node:crypto';
import { REGION } from '../service.ts';
import type { Item } from './attribute-value.ts';
import { type LoggedChange, sequenceNumber } from './change-log.ts';
import { itemSize } from './item-size.ts';
import { type StreamView, streamArn, type Table } from './table.ts';

interface Changed {
  /** Seconds since 1970. */
  readonly ApproximateCreationDateTime: number;
  readonly Keys: Item;
  readonly NewImage?: Item;
  readonly OldImage?: Item;
  readonly SequenceNumber: string;
  readonly SizeBytes: number;
  readonly StreamViewType: StreamView;
}

/** One record of the event that a Lambda function receives. */
export interface StreamRecord {
  /** The same at every reading. */
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: Changed;
  readonly eventSourceARN: string;
  /** Only on what TTL deleted. */
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: 'dynamodb.amazonaws.com' };
}

const NEW_VIEWS: readonly StreamView[] = ['NEW_IMAGE', 'NEW_AND_OLD_IMAGES'];
const OLD_VIEWS: readonly StreamView[] = ['OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];

const changed = ({ keys, old, next, sequence, at }: LoggedChange, view: StreamView): Changed => {
  const images = {
    ...(next && NEW_VIEWS.includes(view) && { NewImage: next }),
    ...(old && OLD_VIEWS.includes(view) && { OldImage: old }),
  };
  return {
    ApproximateCreationDateTime: Math.floor(at / 1000),
    Keys: keys,
    ...images,
    SequenceNumber: sequenceNumber(sequence),
    SizeBytes: [keys, ...Object.values(images)].reduce((total, image) => total + itemSize(image), 0),
    StreamViewType: view,
  };
};

const eventName = ({ old, next }: LoggedChange): StreamRecord['eventName'] => {
  if (!old) return 'INSERT';
  return next ? 'MODIFY' : 'REMOVE';
};

export type Streamed = Table & { readonly stream: NonNullable<Table['stream']> };

export const isStreamed = (table: Table): table is Streamed => table.stream !== undefined;

export const streamRecord = (table: Streamed, change: LoggedChange): StreamRecord => {
  const eventSourceARN = streamArn(table.name, table.stream.label);
  return {
    eventID: hash('md5', `${eventSourceARN}/${change.sequence}`),
    eventName: eventName(change),
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: REGION,
    dynamodb: changed(change, table.stream.view),
    eventSourceARN,
    ...(change.cause === 'expiry' && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
  };
};

/** GetRecords spells the identity in capitals and leaves the stream unnamed. */
export const apiRecord = (table: Streamed, change: LoggedChange) => {
  const { eventSourceARN: _unnamed, userIdentity, ...record } = streamRecord(table, change);
  return { ...record, ...(userIdentity && { userIdentity: { Type: userIdentity.type, PrincipalId: userIdentity.principalId } }) };
};
