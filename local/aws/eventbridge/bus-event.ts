/** An event as EventBridge hands it to its targets. */
import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../service.ts';

/** What a producer says of an event. */
export interface EventDraft {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
  readonly time?: Date;
  /** Name or ARN; `default` is where AWS's own services report. */
  readonly bus?: string;
}

export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 in whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export const DEFAULT_BUS = 'default';

export const busArn = (name: string): string => `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`;
export const busName = (nameOrArn: string): string => nameOrArn.replace(/^arn:aws:events:[^:]*:[^:]*:event-bus\//, '');

export const busEventOf = (draft: EventDraft, nowMs: number): BusEvent => ({
  version: '0',
  id: randomUUID(),
  'detail-type': draft.detailType,
  source: draft.source,
  account: ACCOUNT,
  time: `${(draft.time ?? new Date(nowMs)).toISOString().slice(0, 19)}Z`,
  region: REGION,
  resources: draft.resources ?? [],
  detail: draft.detail,
});
