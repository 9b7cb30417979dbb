/** One machine: the stand-ins up, the very bundles that are deployed, the same rules about who may do what. */
import * as z from 'zod';
import { assemble } from '../functions/assembly.ts';
import type { HttpStep } from '../functions/path.ts';
import { type Edge, type EdgeRoutes, listenEdge } from './aws/edge/edge.ts';
import { scanObject } from './aws/guardduty.ts';
import { createHttpApi } from './aws/http-api/http-api.ts';
import { jwtAuthorizer } from './aws/http-api/jwt-authorizer.ts';
import { createIam, policyOf, principalOf } from './aws/iam.ts';
import { openIdentity } from './aws/identity/identity.ts';
import type { Invoke } from './aws/lambda/invocation.ts';
import { createLambda, type Lambda } from './aws/lambda/lambda.ts';
import type { Chaos } from './aws/queues/chaos.ts';
import type { S3 } from './aws/s3/s3.ts';
import { openScheduler } from './aws/scheduler.ts';
import { REGION } from './aws/service.ts';
import { createAuthenticate } from './aws/sigv4.ts';
import { createWire, type Wire } from './aws/wire.ts';
import { bundleOf } from './build.ts';
import type { Home } from './home.ts';
import { type Messaging, openMessaging } from './messaging.ts';
import { environmentValues, HOSTED_BUCKET, resourceArns, SCHEDULE_GROUP } from './resources.ts';
import { PEOPLE, type Person } from './sample-people.ts';
import { type Ground, openGround } from './storage.ts';

export interface Machine {
  readonly baseUrl: string;
  /** Where unchanged SDK clients reach the stand-ins. */
  readonly endpointUrl: string;
  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void>;
  deadLetters(): Readonly<Record<string, number>>;
  /** Invocations, cold starts and time of each function since the start. */
  stats(): ReturnType<Lambda['stats']>;
  /** Opens an instance of each function in the background, so that first events find them warm. */
  warm(): void;
  /** From now on `/health` says ready. */
  declareReady(): void;
  close(): Promise<void>;
}

export interface MachineOptions {
  readonly home: Home;
  /** 0 takes a free one. */
  readonly port: number;
  /** Of the stand-ins; absent takes a free one. */
  readonly endpointPort?: number;
  readonly chaos?: Chaos;
  /** Who can sign in; the people of the samples, unless it says otherwise. */
  readonly people?: readonly Person[];
}

/** Instances of one function that may run at a time; two cores are soon full. */
const INSTANCES_MAX = 2;

/** Events and timers on their way to functions. */
const openTraffic = (ground: Ground, { home, chaos, invoke }: MachineOptions & { invoke: Invoke }) => {
  const messaging = openMessaging({ folder: home.aws, dynamodb: ground.dynamodb, invoke, ...(chaos && { chaos }) }, ground.streamArn);
  const scheduler = openScheduler({
    folder: home.aws,
    deliver: async ({ EventBusName, Source, DetailType, Detail, Resources }) => {
      messaging.bridge.put({ bus: EventBusName, source: Source, detailType: DetailType, detail: JSON.parse(Detail), resources: Resources });
    },
  });
  scheduler.ensureGroup(SCHEDULE_GROUP);
  ground.s3.onObjectCreated(async (event) => {
    report(messaging, event);
    report(messaging, await scanObject(ground.s3, event));
  });
  return { messaging, scheduler };
};

const Report = z.object({ source: z.string(), 'detail-type': z.string(), detail: z.unknown(), resources: z.array(z.string()).default([]) });

/** What an AWS service reports goes on the default bus. */
const report = ({ bridge }: Messaging, event: object): void => {
  const { source, 'detail-type': detailType, detail, resources } = Report.parse(event);
  bridge.put({ source, detailType, detail, resources });
};

const wireOf = ({ credentials, dynamodb, s3, kms, secretsKeyArn }: Ground, { messaging, scheduler }: ReturnType<typeof openTraffic>) => {
  const arns = resourceArns(secretsKeyArn);
  const policies = Object.fromEntries(assemble().map((fn) => [principalOf(fn), policyOf(fn, arns)]));
  const authenticate = createAuthenticate({ keyOf: credentials.keyOf, callerOf: createIam({ policies }) });
  const services = {
    DynamoDB_20120810: dynamodb.tables,
    DynamoDBStreams_20120810: dynamodb.streams,
    TrentService: kms.service,
    AWSEvents: messaging.bridge,
  };
  return createWire({ authenticate, services, rest: scheduler, s3 });
};

/** Each function gets the variables that its row grants and credentials of its own, and nothing of this process. */
const functionsOf = (
  { credentials, secretsKeyArn }: Ground,
  { home }: MachineOptions,
  { baseUrl, endpointUrl }: { baseUrl: string; endpointUrl: string },
): Lambda => {
  const values = environmentValues(baseUrl, secretsKeyArn);
  const functions = assemble().map((fn) => {
    const { accessKeyId, secretAccessKey } = credentials.of(principalOf(fn));
    const aws = {
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: endpointUrl,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const env = { ...Object.fromEntries(fn.environment.map((name) => [name, values[name]])), ...aws, POWERTOOLS_SERVICE_NAME: 'assay' };
    return {
      name: fn.name,
      bundle: bundleOf(fn.name),
      env,
      memoryMb: fn.memoryMb,
      timeoutSeconds: fn.timeoutSeconds,
      maxConcurrency: INSTANCES_MAX,
    };
  });
  return createLambda({ functions, logsFolder: home.logs });
};

const readHosted = (s3: S3) => (key: string) => {
  const found = s3.read(HOSTED_BUCKET, key);
  return found === undefined
    ? undefined
    : {
        contentType: found.head.headers['content-type'] ?? 'application/octet-stream',
        cacheControl: found.head.headers['cache-control'] ?? 'no-store',
        etag: `"${found.head.etag}"`,
        status: found.head.headers['x-amz-meta-status'],
        size: found.head.bytes,
        stream: () => found.stream(),
      };
};

const httpSteps = (): readonly HttpStep[] => assemble().flatMap(({ trigger }) => (trigger.kind === 'http' ? trigger.steps : []));

const routesOf = async (
  ground: Ground,
  { home, people = PEOPLE }: MachineOptions,
  { baseUrl, invoke, ready }: { baseUrl: string; invoke: Invoke; ready: () => boolean },
): Promise<EdgeRoutes> => {
  const identity = await openIdentity({ folder: home.aws, baseUrl, people });
  const authorize = jwtAuthorizer({ issuer: identity.issuer, audience: identity.audience, jwks: identity.jwks });
  return { api: createHttpApi({ steps: httpSteps(), invoke, authorize }), identity: identity.handle, read: readHosted(ground.s3), ready };
};

/** Starts everything; `/health` answers 503 until {@link Machine.declareReady}. */
export const startMachine = async (options: MachineOptions): Promise<Machine> => {
  let routes: EdgeRoutes | undefined;
  let ready = false;
  const edge = await listenEdge({ port: options.port, routes: () => routes });
  const ground = await openGround(options.home.aws, edge.baseUrl);
  const lambda = Promise.withResolvers<Lambda>();
  const invoke: Invoke = async (name, event) => (await lambda.promise).invoke(name, event);
  const traffic = openTraffic(ground, { ...options, invoke });
  const wire = wireOf(ground, traffic);
  const { url: endpointUrl } = await wire.listen(options.endpointPort);
  const functions = functionsOf(ground, options, { baseUrl: edge.baseUrl, endpointUrl });
  lambda.resolve(functions);
  routes = await routesOf(ground, options, { baseUrl: edge.baseUrl, invoke, ready: () => ready });
  traffic.messaging.sources.start();
  return {
    baseUrl: edge.baseUrl,
    endpointUrl,
    idle: () => traffic.messaging.sources.idle(),
    deadLetters: traffic.messaging.deadLetters,
    stats: functions.stats,
    warm: () => void functions.warm(),
    declareReady: () => {
      ready = true;
    },
    close: () => closeAll({ edge, ground, traffic, wire, functions, home: options.home }),
  };
};

interface Everything {
  readonly edge: Edge;
  readonly ground: Ground;
  readonly traffic: ReturnType<typeof openTraffic>;
  readonly wire: Wire;
  readonly functions: Lambda;
  readonly home: Home;
}

/** From the outside in: no new work comes, what runs is finished, and the storage goes last. */
const closeAll = async ({ edge, ground, traffic, wire, functions, home }: Everything): Promise<void> => {
  await edge.close();
  await traffic.scheduler.close();
  await traffic.messaging.close();
  await functions.close();
  await wire.close();
  ground.s3.close();
  ground.dynamodb.close();
  ground.kms.close();
  home.release();
};
