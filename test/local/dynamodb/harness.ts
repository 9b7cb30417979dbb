/** DynamoDB behind a loopback HTTP endpoint that verifies no signature, so that the SDK's own client can speak to it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type AttributeValue, CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type DynamoDb, openDynamoDb } from '../../../local/aws/dynamodb/dynamodb.ts';
import { AwsError, type Caller } from '../../../local/aws/service.ts';

const ANYONE: Caller = { principal: 'root', authorize: () => {} };

const Refusal = z.object({ __type: z.string(), message: z.string() });

const refusal = (error: unknown): { status: number; body: object } => {
  if (!(error instanceof AwsError)) return { status: 500, body: { __type: 'InternalServerError', message: String(error) } };
  return { status: error.status, body: { __type: error.code, message: error.message, ...error.extra } };
};

export const serve = async (dynamoDb: DynamoDb, caller: Caller = ANYONE): Promise<{ server: Server; endpoint: string }> => {
  const server = createServer(async (request, response) => {
    const [api = '', action = ''] = String(request.headers['x-amz-target']).split('.');
    const service = api.startsWith('DynamoDBStreams') ? dynamoDb.streams : dynamoDb.tables;
    const answer = await text(request)
      .then((body) => service.handle(action, JSON.parse(body), caller))
      .then((body) => ({ status: 200, body }), refusal);
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

export const clientOf = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });

export interface Running {
  readonly dynamoDb: DynamoDb;
  readonly client: DynamoDBClient;
  /** An action of the Streams API, for which no SDK client is installed. */
  stream<T>(action: string, input: object): Promise<T>;
  /** Moves the service's clock. */
  pass(milliseconds: number): void;
  stop(): Promise<void>;
}

export const START = Date.parse('2026-01-01T00:00:00Z');

export const start = async (options: { folder?: string; caller?: Caller; ttlSweepMs?: number } = {}): Promise<Running> => {
  let now = START;
  const dynamoDb = openDynamoDb({ folder: options.folder ?? ':memory:', now: () => now, ttlSweepMs: options.ttlSweepMs ?? 1 << 30 });
  const { server, endpoint } = await serve(dynamoDb, options.caller);
  const client = clientOf(endpoint);
  return {
    dynamoDb,
    client,
    stream: async (action, input) => {
      const headers = { 'x-amz-target': `DynamoDBStreams_20120810.${action}`, 'content-type': 'application/x-amz-json-1.0' };
      const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
      if (response.ok) return (await response.json()) as never;
      const { __type, message } = Refusal.parse(await response.json());
      throw Object.assign(new Error(message), { name: __type });
    },
    pass: (milliseconds) => {
      now += milliseconds;
    },
    stop: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      dynamoDb.close();
    },
  };
};

/** A table as the path uses one: two keys, a sparse index with all attributes, an index with keys only, a stream. */
export const TABLE: CreateTableCommandInput = {
  TableName: 'assay',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'queue', AttributeType: 'S' },
    { AttributeName: 'due', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-queue',
      KeySchema: [
        { AttributeName: 'queue', KeyType: 'HASH' },
        { AttributeName: 'due', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
    {
      IndexName: 'by-kind',
      KeySchema: [{ AttributeName: 'sk', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['title'] },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

export const startWithTable = async (options: Parameters<typeof start>[0] = {}): Promise<Running> => {
  const running = await start(options);
  await running.client.send(new CreateTableCommand(TABLE));
  return running;
};

export type Attributes = Record<string, AttributeValue>;

export const key = (pk: string, sk = 'a'): Attributes => ({ pk: { S: pk }, sk: { S: sk } });
