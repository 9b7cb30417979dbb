import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVENTS, type EventName, sourceOf } from '#domain/events.ts';
import { type AssemblyFunction, assemble } from '../../functions/assembly.ts';
import { type EventStep, PATH } from '../../functions/path.ts';
import type { Invocation } from '../../local/aws/lambda/invocation.ts';
import { type Messaging, openMessaging } from '../../local/messaging.ts';
import { BUS_NAME, EVIDENCE_BUCKET, TABLE_NAME } from '../../local/resources.ts';
import { type Ground, openGround } from '../../local/storage.ts';

const FUNCTIONS = assemble();
const LISTENERS = FUNCTIONS.filter(({ trigger }) => trigger.kind === 'event' || trigger.kind === 'aws').map(({ name }) => name);
const NAMES = Object.keys(EVENTS) as EventName[];
const ROOT = { principal: 'root', authorize: () => undefined };

interface Call {
  readonly name: string;
  readonly event: { readonly Records: readonly { readonly body?: string; readonly dynamodb?: { readonly NewImage?: object } }[] };
}

let folder: string;
let ground: Ground;
let messaging: Messaging;
let calls: Call[];
let outcome: Invocation;

const open = (): void => {
  const invoke = async (name: string, event: unknown): Promise<Invocation> => {
    calls.push({ name, event: event as Call['event'] });
    return outcome;
  };
  messaging = openMessaging({ folder, dynamodb: ground.dynamodb, invoke }, ground.streamArn);
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-messaging-'));
  calls = [];
  outcome = { ok: true, payload: { batchItemFailures: [] } };
  ground = await openGround(folder, 'http://127.0.0.1:4747');
  open();
});
afterEach(async () => {
  await messaging.close();
  ground.s3.close();
  ground.dynamodb.close();
  ground.kms.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Listeners in whose queue something waits. */
const reached = (): readonly string[] => LISTENERS.filter((name) => messaging.queues.depth(name).visible > 0);

const fileOf = (name: string): string => `/${name}.ts`;

const listenersTo = (event: EventName): readonly string[] => {
  const steps = PATH.filter((step): step is EventStep => 'on' in step && step.on.includes(event));
  return LISTENERS.filter((name) => steps.some(({ file }) => file.endsWith(fileOf(name))));
};

const put = (detailType: string, over: Partial<Parameters<Messaging['bridge']['put']>[0]> = {}): void => {
  messaging.bridge.put({ bus: BUS_NAME, source: 'assay.test', detailType, detail: {}, ...over });
};

describe('every step on an event', () => {
  it.each(FUNCTIONS.filter(({ name }) => LISTENERS.includes(name)).map((fn): [string, AssemblyFunction] => [fn.name, fn]))(
    '%s has a queue that gives up after five times, and a dead-letter queue that keeps for two weeks',
    (name, { timeoutSeconds }) => {
      const { settings } = messaging.queues;
      expect(settings(name)).toMatchObject({
        visibilityTimeoutSeconds: timeoutSeconds * 6,
        redrive: { deadLetterQueue: `${name}-dead`, maxReceiveCount: 5 },
      });
      expect(settings(`${name}-dead`)).toEqual({ name: `${name}-dead`, retentionSeconds: 14 * 24 * 60 * 60 });
    },
  );

  it('is one of the path, and the relay besides has a place for what it gives up', () => {
    expect(LISTENERS.length).toBe(PATH.filter((step) => 'on' in step || 'onAws' in step).length);
    expect(messaging.queues.settings('relay-events-dead')).toBeDefined();
    expect(() => messaging.queues.settings('relay-events')).toThrow('no queue relay-events');
  });
});

describe('an event on the bus', () => {
  it.each(NAMES)('%s goes to exactly the steps that the path names', (event) => {
    put(event, { source: sourceOf(event) });
    expect(reached()).toEqual(listenersTo(event));
  });

  it('is told to somebody, for most of the catalogue', () => {
    expect(NAMES.filter((event) => listenersTo(event).length > 0).length).toBeGreaterThan(10);
  });

  it('of another application reaches nobody, whatever it is called', () => {
    put('credential.earned', { source: 'billing.credential' });
    put('credential.earned', { source: 'notassay.credential' });
    expect(reached()).toEqual([]);
  });

  it('reaches nobody on another bus', () => {
    put('credential.earned', { bus: 'default' });
    expect(reached()).toEqual([]);
  });
});

describe('what AWS reports', () => {
  const created = (bucket: string, key: string): void =>
    put('Object Created', { bus: 'default', source: 'aws.s3', detail: { bucket: { name: bucket }, object: { key } } });
  const scanned = (bucketName: string, objectKey: string): void =>
    put('GuardDuty Malware Protection Object Scan Result', {
      bus: 'default',
      source: 'aws.guardduty',
      detail: { s3ObjectDetails: { bucketName, objectKey } },
    });

  it('of a new evidence file starts its inspection', () => {
    created(EVIDENCE_BUCKET, 'evidence/tenant/enrolment/submission/item');
    expect(reached()).toEqual(['on-evidence-uploaded']);
  });

  it('of its malware scan moves it on', () => {
    scanned(EVIDENCE_BUCKET, 'evidence/tenant/enrolment/submission/item');
    expect(reached()).toEqual(['on-evidence-scanned']);
  });

  it.each([
    ['another bucket', 'assay-hosted', 'evidence/x'],
    ['another place in the bucket', EVIDENCE_BUCKET, 'malware-protection-resource-validation-object'],
  ])('of %s starts nothing', (_title, bucket, key) => {
    created(bucket, key);
    scanned(bucket, key);
    expect(reached()).toEqual([]);
  });

  it('starts nothing when somebody else says it on the bus of the path', () => {
    put('Object Created', { source: 'aws.s3', detail: { bucket: { name: EVIDENCE_BUCKET }, object: { key: 'evidence/x' } } });
    expect(reached()).toEqual([]);
  });
});

describe('the relay', () => {
  const write = (kind: string, pk: string) =>
    ground.dynamodb.tables.handle('PutItem', { TableName: TABLE_NAME, Item: { pk: { S: pk }, sk: { S: 'x' }, kind: { S: kind } } }, ROOT);

  it('is given new outbox rows in their order, and no other row nor their removal', async () => {
    await write('outbox', 'a');
    await write('enrolment', 'b');
    await write('outbox', 'c');
    await ground.dynamodb.tables.handle('DeleteItem', { TableName: TABLE_NAME, Key: { pk: { S: 'a' }, sk: { S: 'x' } } }, ROOT);
    messaging.sources.start();
    await messaging.sources.idle();
    expect(calls.map(({ name }) => name)).toEqual(['relay-events']);
    expect(calls[0]?.event.Records.map(({ dynamodb }) => dynamodb?.NewImage)).toEqual([
      { pk: { S: 'a' }, sk: { S: 'x' }, kind: { S: 'outbox' } },
      { pk: { S: 'c' }, sk: { S: 'x' }, kind: { S: 'outbox' } },
    ]);
  });

  it('is woken by a write, and goes on after a restart where it was', async () => {
    messaging.sources.start();
    await write('outbox', 'a');
    await messaging.sources.idle();
    await messaging.close();
    open();
    messaging.sources.start();
    await write('outbox', 'b');
    await messaging.sources.idle();
    expect(calls.map(({ event }) => event.Records.length)).toEqual([1, 1]);
  });
});

describe('a message', () => {
  it('is handed to its step, the event in its body, and is then gone', async () => {
    put('credential.earned', { detail: { credentialId: '1' } });
    messaging.sources.start();
    await messaging.sources.idle();
    expect(calls.map(({ name }) => name)).toEqual(['on-credential-earned']);
    expect(JSON.parse(calls[0]?.event.Records[0]?.body ?? '')).toMatchObject({
      source: 'assay.test',
      'detail-type': 'credential.earned',
      detail: { credentialId: '1' },
    });
    expect(reached()).toEqual([]);
  });

  it('waits for its step over a restart', async () => {
    put('credential.earned');
    await messaging.close();
    open();
    expect(reached()).toEqual(['on-credential-earned']);
  });

  it('that failed five times is set aside, and told by the name of its step', () => {
    put('credential.earned');
    for (let receives = 1; receives <= 5; receives += 1) {
      expect(messaging.deadLetters()).toEqual({});
      const [message] = messaging.queues.receive('on-credential-earned', 1);
      messaging.queues.giveBack(message?.receipt ?? '', 0, 'KMS is away');
    }
    expect(messaging.deadLetters()).toEqual({ 'on-credential-earned': 1 });
    expect(messaging.queues.peek('on-credential-earned-dead')).toMatchObject([{ lastError: 'KMS is away' }]);
  });
});
