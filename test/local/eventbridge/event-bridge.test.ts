import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventBridge, type EventBridge, type EventBridgeOptions } from '../../../local/aws/eventbridge/event-bridge.ts';
import { openDatabase } from '../../../local/aws/queues/database.ts';
import { createQueues, type Queues } from '../../../local/aws/queues/queues.ts';
import { AwsError, type Caller } from '../../../local/aws/service.ts';

const BUS = 'assay';
const ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/assay';
const anyone: Caller = { principal: 'function/relay-events', authorize: () => undefined };

const RULES = [
  { name: 'issued', bus: BUS, pattern: { 'detail-type': ['credential.issued'] }, targets: [{ queue: 'publish' }] },
  { name: 'all', bus: BUS, pattern: { source: [{ prefix: 'assay.' }] }, targets: [{ queue: 'audit' }] },
  { name: 'uploaded', bus: 'default', pattern: { source: ['aws.s3'] }, targets: [{ queue: 'inspect' }] },
];

let database: ReturnType<typeof openDatabase>;
let queues: Queues;
let bridge: EventBridge;
let nowMs: number;

const open = (options: Partial<EventBridgeOptions> = {}): void => {
  database = openDatabase(':memory:');
  queues = createQueues({
    database,
    queues: ['publish', 'audit', 'inspect', 'undelivered'].map((name) => ({ name })),
    now: () => nowMs,
  });
  bridge = createEventBridge({ database, queues, buses: [BUS], rules: RULES, now: () => nowMs, ...options });
};

beforeEach(() => {
  nowMs = Date.parse('2026-03-01T10:00:00.500Z');
  open();
});
afterEach(() => {
  bridge.close();
  database.close();
});

const entry = (change: object = {}) => ({
  EventBusName: BUS,
  Source: 'assay.credential',
  DetailType: 'credential.issued',
  Detail: '{"n":1}',
  ...change,
});
const putEvents = (Entries: readonly object[], caller: Caller = anyone) => bridge.handle('PutEvents', { Entries }, caller);
const bodies = (queue: string): readonly Record<string, unknown>[] => queues.peek(queue, 100).map(({ body }) => JSON.parse(body));

describe('PutEvents', () => {
  it('puts an event on the queue of every rule that matches, in the form of EventBridge', async () => {
    const answer = await putEvents([entry(), entry({ DetailType: 'credential.earned', Resources: ['arn:x'] })]);
    expect(answer).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }, { EventId: expect.any(String) }] });
    expect(bodies('publish')).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'credential.issued',
        source: 'assay.credential',
        account: '000000000000',
        time: '2026-03-01T10:00:00Z',
        region: 'us-east-1',
        resources: [],
        detail: { n: 1 },
      },
    ]);
    expect(bodies('audit').map((event) => event['detail-type'])).toEqual(['credential.issued', 'credential.earned']);
    expect(bodies('inspect')).toEqual([]);
  });

  it('takes the bus by name or ARN, the default one without, and the time that the producer gives', async () => {
    await putEvents([entry({ EventBusName: ARN, Time: 1_700_000_000 }), entry({ EventBusName: undefined })]);
    expect(bodies('audit')).toMatchObject([{ time: '2023-11-14T22:13:20Z' }]);
  });

  it('refuses one entry and puts the others', async () => {
    const answer = await putEvents([
      entry({ Source: undefined }),
      entry({ DetailType: '' }),
      entry({ Detail: undefined }),
      entry({ Detail: 'no JSON' }),
      entry({ Detail: '[1]' }),
      entry({ Source: 'aws.s3' }),
      entry({ EventBusName: 'another' }),
      entry(),
    ]);
    expect(answer).toMatchObject({
      FailedEntryCount: 7,
      Entries: [
        { ErrorCode: 'InvalidArgument', ErrorMessage: expect.stringContaining('Source') },
        { ErrorCode: 'InvalidArgument', ErrorMessage: expect.stringContaining('DetailType') },
        { ErrorCode: 'InvalidArgument', ErrorMessage: expect.stringContaining('Detail') },
        { ErrorCode: 'MalformedDetail' },
        { ErrorCode: 'MalformedDetail' },
        { ErrorCode: 'NotAuthorizedForSourceException' },
        { ErrorCode: 'ResourceNotFoundException' },
        { EventId: expect.any(String) },
      ],
    });
    expect(bodies('publish')).toHaveLength(1);
  });

  it.each([
    ['no entries', []],
    ['more than ten entries', Array.from({ length: 11 }, () => entry())],
    ['more than 256 KB', [entry({ Detail: JSON.stringify('x'.repeat(256 * 1024)) })]],
    ['more than 256 KB in all', Array.from({ length: 10 }, () => entry({ Detail: JSON.stringify('ü'.repeat(13_100)) }))],
    ['an entry that is none', ['text']],
  ])('refuses a call with %s', async (_title, entries) => {
    await expect(bridge.handle('PutEvents', { Entries: entries }, anyone)).rejects.toMatchObject({
      code: 'ValidationException',
      status: 400,
    });
    expect(bodies('audit')).toEqual([]);
  });

  it('asks, for each entry, whether its caller may put such an event on this bus', async () => {
    const asked: unknown[] = [];
    const caller = { principal: 'function/relay-events', authorize: (...question: unknown[]) => void asked.push(question) };
    await putEvents([entry(), entry({ EventBusName: undefined, Source: 'assay.issuer', DetailType: 'issuer.registered' })], caller);
    expect(asked).toEqual([
      ['events:PutEvents', ARN, { 'events:source': 'assay.credential', 'events:detail-type': 'credential.issued' }],
      [
        'events:PutEvents',
        'arn:aws:events:us-east-1:000000000000:event-bus/default',
        { 'events:source': 'assay.issuer', 'events:detail-type': 'issuer.registered' },
      ],
    ]);
  });

  it('puts nothing for a caller who may not put all of it, and tells such a caller nothing else', async () => {
    const stranger: Caller = {
      principal: 'function/stranger',
      authorize: (_action, _arn, context) => {
        if (context?.['events:source'] === 'assay.issuer') throw new AwsError('AccessDeniedException', 'no', { status: 403 });
      },
    };
    const tooMany = Array.from({ length: 11 }, () => entry({ Source: 'assay.issuer' }));
    await expect(putEvents([entry(), entry({ Source: 'assay.issuer' })], stranger)).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    await expect(putEvents(tooMany, stranger)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(bodies('audit')).toEqual([]);
  });

  it('is understood by the SDK', async () => {
    const client = new EventBridgeClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: {
        handle: async (request: { headers: Record<string, string>; body: Uint8Array }) => {
          const action = request.headers['x-amz-target']?.split('.')[1] ?? '';
          const answer = await bridge.handle(action, JSON.parse(new TextDecoder().decode(request.body)), anyone);
          return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(answer)) } };
        },
      },
    });
    const answer = await client.send(
      new PutEventsCommand({ Entries: [entry({ Time: new Date(1_700_000_000_000) }), entry({ Detail: '' })] }),
    );
    expect(answer).toMatchObject({ FailedEntryCount: 1, Entries: [{ EventId: expect.any(String) }, { ErrorCode: 'InvalidArgument' }] });
    expect(bodies('publish')).toMatchObject([{ time: '2023-11-14T22:13:20Z' }]);
  });
});

describe('a bus', () => {
  it('is described, and made once', async () => {
    expect(await bridge.handle('DescribeEventBus', { Name: BUS }, anyone)).toEqual({ Name: BUS, Arn: ARN });
    await expect(bridge.handle('DescribeEventBus', { Name: 'new' }, anyone)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await bridge.handle('CreateEventBus', { Name: 'new' }, anyone);
    expect(await bridge.handle('DescribeEventBus', { Name: 'new' }, anyone)).toMatchObject({ Name: 'new' });
    await expect(bridge.handle('CreateEventBus', { Name: 'new' }, anyone)).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
    await expect(bridge.handle('DeleteEventBus', { Name: 'new' }, anyone)).rejects.toMatchObject({ code: 'UnknownOperationException' });
  });

  it('takes what AWS itself reports without a call over the wire', () => {
    const id = bridge.put({
      source: 'aws.s3',
      detailType: 'Object Created',
      detail: { object: { key: 'evidence/x' } },
      resources: ['arn:bucket'],
    });
    expect(bodies('inspect')).toMatchObject([
      { id, source: 'aws.s3', resources: ['arn:bucket'], detail: { object: { key: 'evidence/x' } } },
    ]);
    expect(() => bridge.put({ source: 'x', detailType: 'y', detail: {}, bus: 'absent' })).toThrow(/absent/);
  });

  it('tells again what was put within a period, marked as a replay', async () => {
    const first = bridge.put({ bus: BUS, source: 'assay.a', detailType: 'first', detail: {} });
    nowMs += 60_000;
    const second = bridge.put({ bus: BUS, source: 'assay.a', detailType: 'second', detail: {} });
    expect(bridge.replay({ bus: BUS, from: new Date(nowMs - 1000) })).toBe(1);
    expect(bodies('audit').map(({ id }) => id)).toEqual([first, second, second]);
    expect(bodies('audit')[2]).toHaveProperty('replay-name');
    expect(bridge.replay({ bus: BUS })).toBe(2);
  });
});

describe('a target that fails', () => {
  const faultyTargets = (failures: number) => {
    let left = failures;
    const send: Queues['send'] = (queue, body, options) => {
      if (queue === 'publish' && left-- > 0) throw new Error('the queue is away');
      return queues.send(queue, body, options);
    };
    return { send, arn: (queue: string) => queues.arn(queue) };
  };
  const retry = { maxAttempts: 3, firstMs: 1, maxMs: 2 };
  const rules = [
    {
      name: 'issued',
      bus: BUS,
      pattern: { source: ['assay.credential'] },
      targets: [{ queue: 'publish', deadLetterQueue: 'undelivered' }, { queue: 'audit' }],
    },
  ];

  const reopen = (failures: number): void => {
    bridge.close();
    bridge = createEventBridge({ database, queues: faultyTargets(failures), buses: [BUS], rules, retry });
  };

  it('is tried again, while the others have got their event', async () => {
    reopen(2);
    expect(await putEvents([entry()])).toMatchObject({ FailedEntryCount: 0 });
    expect([bodies('publish').length, bodies('audit').length, bridge.isPending()]).toEqual([0, 1, true]);
    await expect.poll(() => bodies('publish').length).toBe(1);
    expect([bodies('audit').length, bridge.isPending()]).toEqual([1, false]);
  });

  it('is given up after the last attempt, and its dead-letter queue says why', async () => {
    reopen(100);
    await putEvents([entry()]);
    await expect.poll(() => queues.peek('undelivered').length).toBe(1);
    expect(queues.peek('undelivered')[0]).toMatchObject({
      body: expect.stringContaining('"detail":{"n":1}'),
      attributes: {
        RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/assay/issued',
        TARGET_ARN: 'arn:aws:sqs:us-east-1:000000000000:publish',
        ERROR_MESSAGE: 'the queue is away',
        RETRY_ATTEMPTS: '3',
      },
    });
    expect(bridge.isPending()).toBe(false);
  });

  it('is tried again also after a restart', async () => {
    reopen(100);
    await putEvents([entry()]);
    reopen(0);
    await expect.poll(() => bodies('publish').length).toBe(1);
    expect(bodies('undelivered')).toEqual([]);
  });
});
