/** What Lambda hands to a handler, valid by default; and what a handler logs. */
import type { DynamoDBRecord, SQSEvent } from 'aws-lambda';
import { onTestFinished, vi } from 'vitest';
import type { AssayEvent } from '#domain/events.ts';
import type { HttpEvent } from '#lambda/http.ts';

export interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly claims?: Readonly<Record<string, unknown>> | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

export const PROGRAMME = { sub: 'dana', name: 'Dana Whelan', email: 'dana@harbour.example', groups: '[harbour:programme]' };

/** HTTP API, payload format 2.0, behind a JWT authorizer; `claims: null` is an open route. */
export const aCall = ({
  method = 'POST',
  path = '/v1/things/one',
  claims = PROGRAMME,
  headers,
  params,
  body,
  isBase64Encoded = false,
}: Call = {}): HttpEvent => {
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' };
  return {
    version: '2.0',
    routeKey: `${method} /v1/things/{thing}`,
    rawPath: path,
    rawQueryString: '',
    headers: headers ?? { 'content-type': 'application/json' },
    ...(params === undefined ? {} : { pathParameters: params }),
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
    requestContext: {
      ...{ accountId: '1', apiId: 'a', domainName: 'localhost', domainPrefix: 'l', stage: '$default', time: '', timeEpoch: 0 },
      requestId: 'request-1',
      routeKey: `${method} /v1/things/{thing}`,
      http,
      ...(claims === null ? {} : { authorizer: { jwt: { claims } } }),
    },
  };
};

/** A batch as a queue hands it over; the ids are m0, m1 … */
export const aBatch = (...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, place) => ({
    messageId: `m${place}`,
    receiptHandle: `r${place}`,
    body,
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '0', SenderId: 's', ApproximateFirstReceiveTimestamp: '0' },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:q',
    awsRegion: 'eu-west-1',
  })),
});

/** An event as its rule puts it on the queue. */
export const onTheBus = (event: AssayEvent): string =>
  JSON.stringify({ version: '0', id: 'b1', source: 'assay.test', 'detail-type': event.type, detail: event });

export const aStreamRecord = (sequence: string, kind = 'outbox'): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: sequence, NewImage: { kind: { S: kind } } },
});

/** Catches what is logged until the test ends: one object per line, metrics among them. */
export const logged = (): readonly Readonly<Record<string, unknown>>[] => {
  const lines: Record<string, unknown>[] = [];
  const take = (text: unknown): boolean => {
    lines.push(
      ...String(text)
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    );
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(take),
    vi.spyOn(process.stderr, 'write').mockImplementation(take),
    vi.spyOn(console, 'log').mockImplementation(take),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return lines;
};
