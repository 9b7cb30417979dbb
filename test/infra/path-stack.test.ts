import { describe, expect, it } from 'vitest';
import { type AssemblyFunction, assemble } from '../../functions/assembly.ts';
import { type HttpStep, PATH } from '../../functions/path.ts';
import { PROD } from './production.ts';
import { type Found, referred, resources, roleStatements, statementsOf, synthesised } from './synthesis.ts';

const { path } = synthesised();
const found = (type: string): readonly Found[] => resources(path, type);

const routes = PATH.filter((step): step is HttpStep => 'http' in step);
const queued = assemble().flatMap((step) =>
  step.trigger.kind === 'event' || step.trigger.kind === 'aws' ? [{ name: step.name, step, trigger: step.trigger }] : [],
);

const lambdaOf = (name: string) => found('AWS::Lambda::Function').find(({ properties }) => properties.FunctionName === `assay-dev-${name}`);
const queueOf = (name: string) => found('AWS::SQS::Queue').find(({ properties }) => properties.QueueName === `assay-dev-${name}`);
const deadLettersOf = (name: string) => queueOf(`${name}-dead-letters`);
const mappingsOf = (name: string) =>
  found('AWS::Lambda::EventSourceMapping').filter(({ properties }) => referred(properties.FunctionName) === lambdaOf(name)?.id);

describe('the routes of a deployment', () => {
  it('are exactly those of the path, behind a token wherever roles are named', () => {
    const authorizer = found('AWS::ApiGatewayV2::Authorizer')[0]?.id;
    expect(
      found('AWS::ApiGatewayV2::Route').map(({ properties: { RouteKey, AuthorizationType, AuthorizerId } }) => ({
        RouteKey,
        AuthorizationType,
        AuthorizerId,
      })),
    ).toEqual(
      expect.arrayContaining(
        routes.map(({ http, roles }) =>
          roles === 'open'
            ? { RouteKey: http, AuthorizationType: 'NONE', AuthorizerId: undefined }
            : { RouteKey: http, AuthorizationType: 'JWT', AuthorizerId: `<${authorizer}>` },
        ),
      ),
    );
    expect(found('AWS::ApiGatewayV2::Route')).toHaveLength(routes.length);
  });

  it('are served by the function of their audience', () => {
    const integrations = new Map(
      found('AWS::ApiGatewayV2::Integration').map(({ id, properties }) => [id, referred(properties.IntegrationUri)]),
    );
    for (const { properties } of found('AWS::ApiGatewayV2::Route')) {
      const integration = referred(String(properties.Target).replace('integrations/', ''));
      const audience = routes.find(({ http }) => http === properties.RouteKey)?.audience ?? '';
      expect(integrations.get(integration)).toBe(lambdaOf(audience)?.id);
    }
  });

  it('may call their functions from this API and from nowhere else', () => {
    const permissions = found('AWS::Lambda::Permission').map(({ properties }) => properties);
    expect(permissions).toHaveLength(4);
    for (const { Principal, SourceArn } of permissions) {
      expect(Principal).toBe('apigateway.amazonaws.com');
      expect(SourceArn).toMatch(/:assay-dev-api-id\/\*\/\*\/v1\/\*$/);
    }
  });

  it('are throttled and logged, without what a learner sent', () => {
    const [stage] = found('AWS::ApiGatewayV2::Stage');
    expect(stage?.properties).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
      AccessLogSettings: { Format: expect.not.stringMatching(/body|sourceIp|authorizer\.claims/) },
    });
  });

  it('have a limit of their own where the row says so, once the route is there', () => {
    const [stage] = found('AWS::ApiGatewayV2::Stage');
    expect(stage?.properties.RouteSettings).toEqual({
      'POST /v1/verifications': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20, DetailedMetricsEnabled: true },
    });
    const route = found('AWS::ApiGatewayV2::Route').find(({ properties }) => properties.RouteKey === 'POST /v1/verifications');
    expect(path.findResources('AWS::ApiGatewayV2::Stage')[stage?.id ?? '']?.DependsOn).toContain(route?.id);
  });

  it('believe the tokens of the deployment’s own identity provider where it names one', () => {
    const [authorizer] = resources(synthesised(PROD).path, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer?.properties.JwtConfiguration).toEqual({ Issuer: PROD.oidcIssuer, Audience: [PROD.oidcAudience] });
  });
});

describe('the events of a deployment', () => {
  const ruleTo = (name: string) =>
    found('AWS::Events::Rule').filter(({ properties }) => JSON.stringify(properties.Targets).includes(`<${queueOf(name)?.id}.Arn>`));

  it('reach a function through a queue, never straight from a rule', () => {
    const targets = found('AWS::Events::Rule').map(({ properties }) =>
      (properties.Targets as { Arn: string }[]).map(({ Arn }) => referred(Arn)),
    );
    expect(targets.flat().sort()).toEqual(queued.map(({ name }) => queueOf(name)?.id).sort());
  });

  const PATTERNS = {
    'evidence-object-created': {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['assay-dev-evidence-bucket'] }, object: { key: [{ prefix: 'evidence/' }] } },
    },
    'evidence-object-scanned': {
      source: ['aws.guardduty'],
      'detail-type': ['GuardDuty Malware Protection Object Scan Result'],
      detail: { s3ObjectDetails: { bucketName: ['assay-dev-evidence-bucket'], objectKey: [{ prefix: 'evidence/' }] } },
    },
  } as const;

  const expectedRule = (trigger: (typeof queued)[number]['trigger']) =>
    trigger.kind === 'aws'
      ? { EventBusName: undefined, EventPattern: PATTERNS[trigger.step.onAws] }
      : {
          EventBusName: expect.stringMatching(/^<Bus\w+>$/),
          EventPattern: { source: [{ prefix: 'assay.' }], 'detail-type': trigger.step.on },
        };

  it.each(queued)('$name hears exactly the events of its row', ({ name, trigger }) => {
    const rules = ruleTo(name);
    expect(rules).toHaveLength(1);
    const { EventBusName, EventPattern, Targets } = rules[0]?.properties ?? {};
    expect({ EventBusName, EventPattern }).toEqual(expectedRule(trigger));
    expect(Targets).toEqual([expect.objectContaining({ DeadLetterConfig: { Arn: `<${deadLettersOf(name)?.id}.Arn>` } })]);
  });

  it.each(queued)('$name sets a message aside after five failures, and sees none twice at once', ({ name, step }) => {
    expect(queueOf(name)?.properties).toMatchObject({
      VisibilityTimeout: 6 * step.timeoutSeconds,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: `<${deadLettersOf(name)?.id}.Arn>`, maxReceiveCount: 5 },
    });
    expect(deadLettersOf(name)?.properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
  });

  it.each(queued)('$name takes its queue in tens and fails message by message', ({ name, step }) => {
    expect(mappingsOf(name).map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        EventSourceArn: `<${queueOf(name)?.id}.Arn>`,
        BatchSize: 10,
        MaximumBatchingWindowInSeconds: 0,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: signs(step) ? 20 : 50 },
      }),
    ]);
  });

  const signs = ({ needs }: AssemblyFunction): boolean => needs.includes('issuer-key:sign');

  it('leave the outbox only by the relay, in order, and are set aside when they cannot be published', () => {
    expect(mappingsOf('relay-events').map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        EventSourceArn: 'assay-dev-table-stream-arn',
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 100,
        MaximumRecordAgeInSeconds: 6 * 60 * 60,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ParallelizationFactor: 4,
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"kind":{"S":["outbox"]}}}}' }] },
        DestinationConfig: { OnFailure: { Destination: `<${deadLettersOf('relay-events')?.id}.Arn>` } },
      }),
    ]);
    expect(found('AWS::Lambda::EventSourceMapping')).toHaveLength(queued.length + 1);
  });

  it('come into a queue over TLS only, and from its own rule only', () => {
    const policies = found('AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(found('AWS::SQS::Queue').length);
    for (const { properties } of policies) {
      const statements = statementsOf(properties.PolicyDocument);
      expect(statements).toContainEqual(
        expect.objectContaining({ effect: 'Deny', actions: ['sqs:*'], condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
      for (const { principal, condition } of statements.filter(({ effect }) => effect === 'Allow')) {
        expect(principal).toEqual({ Service: 'events.amazonaws.com' });
        expect(condition).toEqual({ ArnEquals: { 'aws:SourceArn': expect.stringMatching(/^<\w+queueRule\w+\.Arn>$/) } });
      }
    }
  });

  it('can be replayed for thirty days', () => {
    expect(found('AWS::Events::Archive').map(({ properties }) => properties)).toEqual([
      expect.objectContaining({ RetentionDays: 30, EventPattern: { source: [{ prefix: 'assay.' }] } }),
    ]);
  });

  it('are put on the bus by a timer of this deployment only', () => {
    const role = found('AWS::IAM::Role').find(({ id }) => id.startsWith('TimersRole'));
    const [group] = found('AWS::Scheduler::ScheduleGroup');
    expect(role && roleStatements(role)).toMatchObject([
      { actions: ['events:PutEvents'], resources: [expect.stringMatching(/^<Bus\w+\.Arn>$/)] },
    ]);
    expect(role?.properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>', 'aws:SourceArn': `<${group?.id}.Arn>` } },
        },
      ],
    });
  });
});

describe('the alarms of a deployment', () => {
  const alarms = found('AWS::CloudWatch::Alarm');
  const names = alarms.map(({ properties }) => String(properties.AlarmName).replace('assay-dev-', ''));

  it('watch every queue, every dead letter, every function, the relay, the signers and the API', () => {
    expect(names.sort()).toEqual(
      [
        ...queued.flatMap(({ name }) => [`${name}-dead-letters`, `${name}-waits`]),
        ...assemble().map(({ name }) => `${name}-crashes`),
        'relay-events-dead-letters',
        'relay-events-falls-behind',
        'on-credential-earned-throttled',
        'on-status-list-changed-throttled',
        'api-errors',
      ].sort(),
    );
  });

  it('call at the first dead letter, and when a badge was earned five minutes ago and not issued', () => {
    const alarm = (name: string) => alarms.find(({ properties }) => properties.AlarmName === `assay-dev-${name}`)?.properties;
    expect(alarm('on-credential-earned-dead-letters')).toMatchObject({ Threshold: 1, MetricName: 'ApproximateNumberOfMessagesVisible' });
    expect(alarm('on-credential-earned-waits')).toMatchObject({ Threshold: 300, MetricName: 'ApproximateAgeOfOldestMessage' });
    expect(alarm('relay-events-falls-behind')).toMatchObject({ Threshold: 60_000, MetricName: 'IteratorAge' });
  });

  it('say what they mean and tell one encrypted topic, over TLS only', () => {
    const [topic] = found('AWS::SNS::Topic');
    for (const { properties } of alarms) {
      expect(properties.AlarmActions).toEqual([`<${topic?.id}>`]);
      expect(properties.AlarmDescription).toMatch(/\w{3}.*\.$/);
    }
    expect(topic?.properties.KmsMasterKeyId).toMatch(/^<AlarmsKey/);
    const [policy] = found('AWS::SNS::TopicPolicy');
    expect(statementsOf(policy?.properties.PolicyDocument)).toContainEqual(
      expect.objectContaining({ effect: 'Deny', condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });
});
