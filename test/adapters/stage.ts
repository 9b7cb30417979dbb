/**
 * The stand-ins of one machine behind their wire, with the policies that follow from the path, and a process that is one of
 * its functions: its variables, its credentials, and adapters that were loaded for it alone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { vi } from 'vitest';
import { type AssayEvent, parseEvent } from '#domain/events.ts';
import { assemble } from '../../functions/assembly.ts';
import { type BusEvent, busArn } from '../../local/aws/eventbridge/bus-event.ts';
import { createEventBridge } from '../../local/aws/eventbridge/event-bridge.ts';
import { createIam, policyOf, principalOf } from '../../local/aws/iam.ts';
import { openDatabase } from '../../local/aws/queues/database.ts';
import { createQueues } from '../../local/aws/queues/queues.ts';
import { openScheduler, type ScheduledEvent } from '../../local/aws/scheduler.ts';
import { REGION } from '../../local/aws/service.ts';
import { createAuthenticate } from '../../local/aws/sigv4.ts';
import { createWire, type Mishap } from '../../local/aws/wire.ts';
import { BUS_NAME, environmentValues, resourceArns, SCHEDULE_GROUP, TABLE_NAME } from '../../local/resources.ts';
import { type Ground, openGround } from '../../local/storage.ts';

export const PUBLIC_BASE_URL = 'http://127.0.0.1:4747';
const EVERYTHING = 'everything';

export interface Stage {
  readonly ground: Ground;
  readonly endpoint: string;
  /** From now on this process is that function; what is loaded has clients and caches of its own. */
  as<Adapters>(functionName: string, load: () => Promise<Adapters>): Promise<Adapters>;
  /** What an SDK client of the operator needs. */
  readonly operator: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { accessKeyId: string; secretAccessKey: string };
  };
  /** What befalls the next calls of an operation, in order. */
  befall(operation: string, ...mishaps: readonly Mishap[]): void;
  /** Operations that reached a service, in order: `kms Decrypt`. */
  readonly calls: string[];
  /** Sort keys of the items that the work wrote or deleted, in order of the alphabet. */
  writtenBy(work: () => Promise<unknown>): Promise<readonly string[]>;
  /** Events in the outbox that tell of an aggregate. */
  toldOf(aggregateId: string): readonly AssayEvent[];
  /** Events that were put on the bus of the path. */
  busEvents(): readonly BusEvent[];
  /** Fires the timers that are due by this instant. */
  fireTimers(atMs: number): Promise<readonly ScheduledEvent[]>;
  close(): Promise<void>;
}

const messagingIn = (folder: string, nowMs: () => number) => {
  const database = openDatabase(join(folder, 'messaging.sqlite'));
  const queues = createQueues({ database, queues: [{ name: EVERYTHING }] });
  const pattern = { account: [{ exists: true }] };
  const bridge = createEventBridge({
    database,
    queues,
    buses: [BUS_NAME],
    rules: [{ name: EVERYTHING, bus: BUS_NAME, pattern, targets: [{ queue: EVERYTHING }] }],
  });
  const fired: ScheduledEvent[] = [];
  const scheduler = openScheduler({ folder, now: nowMs, deliver: async (event) => void fired.push(event) });
  scheduler.ensureGroup(SCHEDULE_GROUP);
  const close = async (): Promise<void> => {
    await scheduler.close();
    bridge.close();
    database.close();
  };
  return { queues, bridge, scheduler, fired, close };
};

const streamOf = ({ dynamodb }: Ground) => {
  const since = (position: string | undefined) => dynamodb.readStream(TABLE_NAME, position, 10_000);
  return {
    writtenBy: async (work: () => Promise<unknown>): Promise<readonly string[]> => {
      const position = since(undefined).at(-1)?.dynamodb.SequenceNumber;
      await work();
      return since(position)
        .map((record) => String(unmarshall(record.dynamodb.Keys as never).sk))
        .toSorted();
    },
    toldOf: (aggregateId: string): readonly AssayEvent[] =>
      since(undefined)
        .map((record) => unmarshall((record.dynamodb.NewImage ?? {}) as never))
        .filter(({ kind }) => kind === 'outbox')
        .map(({ detail }) => parseEvent(JSON.parse(detail)))
        .filter(({ meta }) => meta.aggregateId === aggregateId),
  };
};

const policiesFor = (secretsKeyArn: string) => {
  const arns = resourceArns(secretsKeyArn);
  return Object.fromEntries(assemble().map((fn) => [principalOf(fn), policyOf(fn, arns)]));
};

/** Nothing of one function is left for the next. */
const becomeFunction = (name: string, { credentials, secretsKeyArn }: Ground, endpoint: string): void => {
  const fn = assemble().find((known) => known.name === name);
  if (fn === undefined) throw new Error(`the path has no function ${name}`);
  const values = environmentValues(PUBLIC_BASE_URL, secretsKeyArn);
  for (const known of [...Object.keys(values), 'AWS_MAX_ATTEMPTS']) delete process.env[known];
  const { accessKeyId, secretAccessKey } = credentials.of(principalOf(fn));
  const aws = { AWS_REGION: REGION, AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  Object.assign(process.env, aws, Object.fromEntries(fn.environment.map((variable) => [variable, values[variable]])));
};

export const openStage = async (): Promise<Stage> => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-adapters-'));
  let nowMs = 0;
  const ground = await openGround(folder, PUBLIC_BASE_URL);
  const messaging = messagingIn(folder, () => nowMs);
  const calls: string[] = [];
  const mishaps = new Map<string, Mishap[]>();
  const wire = createWire({
    authenticate: createAuthenticate({
      keyOf: ground.credentials.keyOf,
      callerOf: createIam({ policies: policiesFor(ground.secretsKeyArn) }),
    }),
    services: { DynamoDB_20120810: ground.dynamodb.tables, TrentService: ground.kms.service, AWSEvents: messaging.bridge },
    rest: messaging.scheduler,
    s3: ground.s3,
    chaos: (service, action) => {
      calls.push(`${service} ${action}`);
      return mishaps.get(`${service} ${action}`)?.shift();
    },
  });
  const { url: endpoint } = await wire.listen();
  return {
    ground,
    endpoint,
    calls,
    operator: { endpoint, region: REGION, credentials: ground.credentials.of('root') },
    as: async (functionName, load) => {
      becomeFunction(functionName, ground, endpoint);
      vi.resetModules();
      return load();
    },
    befall: (operation, ...next) => void mishaps.set(operation, [...next]),
    ...streamOf(ground),
    busEvents: () => messaging.queues.peek(EVERYTHING, 1000).map(({ body }) => JSON.parse(body) as BusEvent),
    fireTimers: async (atMs) => {
      nowMs = atMs;
      messaging.fired.length = 0;
      await messaging.scheduler.runDue();
      return [...messaging.fired];
    },
    close: async () => {
      await wire.close();
      await messaging.close();
      ground.s3.close();
      ground.dynamodb.close();
      ground.kms.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const BUS_ARN = busArn(BUS_NAME);
