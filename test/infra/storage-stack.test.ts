import { describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../infra/constructs/response-headers.ts';
import { TABLE } from '../../shared/table-shape.ts';
import { PROD } from './production.ts';
import { type Found, resources, roleStatements, statementsOf, synthesised } from './synthesis.ts';

const dev = synthesised();
const prod = synthesised(PROD);
const found = (type: string): readonly Found[] => resources(dev.storage, type);
const only = (type: string, name: string): Found => found(type).find(({ id }) => id.includes(name))!;

interface Distribution {
  readonly DefaultCacheBehavior: Readonly<Record<string, unknown>>;
  readonly CacheBehaviors: readonly Readonly<Record<string, unknown>>[];
  readonly CustomErrorResponses: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}
const distribution = (name: string, template = dev.storage): Distribution =>
  resources(template, 'AWS::CloudFront::Distribution').find(({ id }) => id.includes(name))!.properties.DistributionConfig as Distribution;

describe('what must outlive a deploy', () => {
  it('is kept when its stack is deleted or a resource replaced, all of it', () => {
    for (const template of [dev.storage, prod.storage]) {
      const all = resources(template);
      expect(all.length).toBeGreaterThan(15);
      expect(all.filter(({ retained }) => !retained).map(({ id }) => id)).toEqual([]);
    }
  });

  it('is not in the stack of the path', () => {
    const stores = [
      'AWS::DynamoDB::Table',
      'AWS::S3::Bucket',
      'AWS::Cognito::UserPool',
      'AWS::CloudFront::Distribution',
      'AWS::ApiGatewayV2::Api',
    ];
    expect(resources(dev.path).filter(({ type }) => stores.includes(type))).toEqual([]);
  });

  it('cannot be deleted by mistake in production', () => {
    expect(prod.stacks.storage.terminationProtection).toBe(true);
    expect(dev.stacks.storage.terminationProtection).toBe(false);
  });

  it('needs no function of its own', () => {
    expect(found('AWS::Lambda::Function')).toEqual([]);
    expect(resources(dev.storage).filter(({ type }) => type.startsWith('Custom::'))).toEqual([]);
  });
});

describe('the table', () => {
  const table = found('AWS::DynamoDB::Table')[0]?.properties;

  it('can be brought back to any second, is encrypted, and refuses to be deleted', () => {
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('has the keys and indexes that one machine has too', () => {
    const keys = (partition: string, sort: string) => [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ];
    expect(table?.KeySchema).toEqual(keys('pk', 'sk'));
    expect(table?.GlobalSecondaryIndexes).toEqual(
      Object.entries(TABLE.indexes).map(([name, { partitionKey, sortKey }]) => ({
        IndexName: name,
        KeySchema: keys(partitionKey, sortKey),
        Projection: { ProjectionType: 'ALL' },
      })),
    );
  });
});

describe('the buckets', () => {
  it('let nobody in from outside, and nobody at all without TLS 1.2', () => {
    expect(found('AWS::S3::Bucket')).toHaveLength(3);
    for (const { properties } of found('AWS::S3::Bucket')) {
      const { PublicAccessBlockConfiguration } = properties;
      expect(PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(properties.BucketEncryption).toBeDefined();
    }
    for (const { properties } of found('AWS::S3::BucketPolicy')) {
      const denied = statementsOf(properties.PolicyDocument).filter(({ effect }) => effect === 'Deny');
      expect(denied.map(({ condition }) => condition)).toEqual([
        { Bool: { 'aws:SecureTransport': 'false' } },
        { NumericLessThan: { 's3:TlsVersion': 1.2 } },
      ]);
    }
  });

  it('keep evidence in versions, report it to the bus, and take it from the site’s own pages only', () => {
    expect(only('AWS::S3::Bucket', 'Evidence').properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      CorsConfiguration: {
        CorsRules: [
          {
            AllowedMethods: ['GET', 'PUT'],
            AllowedOrigins: [expect.stringMatching(/^https:\/\/<HostingSite\w+\.DomainName>$/)],
            AllowedHeaders: expect.arrayContaining(['content-type', 'if-none-match', 'x-amz-checksum-sha256']),
          },
        ],
      },
      LifecycleConfiguration: {
        Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } }],
      },
    });
    const evidence = resources(prod.storage, 'AWS::S3::Bucket').find(({ id }) => id.includes('Evidence'));
    expect(evidence?.properties.CorsConfiguration).toMatchObject({
      CorsRules: [{ AllowedOrigins: ['https://badges.example.org', 'https://learn.example.org', 'https://mark.example.org'] }],
    });
  });

  it('let no one read public files but the two distributions, one object at a time', () => {
    const allowed = statementsOf(only('AWS::S3::BucketPolicy', 'Hosted').properties.PolicyDocument).filter(
      ({ effect }) => effect === 'Allow',
    );
    expect(allowed).toHaveLength(2);
    for (const { actions, principal, condition } of allowed) {
      expect(actions).toEqual(['s3:GetObject']);
      expect(principal).toEqual({ Service: 'cloudfront.amazonaws.com' });
      expect(condition).toEqual({ StringEquals: { 'AWS:SourceArn': expect.stringMatching(/distribution\/<Hosting\w+>$/) } });
    }
  });

  it('are scanned for malware where the deployment asks for it, and only then', () => {
    expect(found('AWS::GuardDuty::MalwareProtectionPlan')).toEqual([]);
    const [plan] = resources(prod.storage, 'AWS::GuardDuty::MalwareProtectionPlan');
    expect(plan?.properties.ProtectedResource).toMatchObject({ S3Bucket: { ObjectPrefixes: ['evidence/'] } });
    const role = resources(prod.storage, 'AWS::IAM::Role').find(({ id }) => id.startsWith('MalwareScanRole'));
    const actions = role && roleStatements(role).flatMap((statement) => statement.actions);
    expect(actions?.filter((action) => action.includes('*') || action.includes('Delete'))).toEqual(['events:DeleteRule']);
  });
});

describe('the public address', () => {
  it('serves files by the wanted form and sends /v1 to the API, uncached and without its host name', () => {
    const site = distribution('HostingSite');
    expect(site.DefaultCacheBehavior).toMatchObject({
      AllowedMethods: ['GET', 'HEAD'],
      ViewerProtocolPolicy: 'redirect-to-https',
      FunctionAssociations: [
        { EventType: 'viewer-request', FunctionARN: expect.stringMatching(/^<HostingNegotiate/) },
        { EventType: 'viewer-response', FunctionARN: expect.stringMatching(/^<HostingAnswer/) },
      ],
    });
    expect(site.CacheBehaviors).toEqual([
      expect.objectContaining({
        PathPattern: '/v1/*',
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      }),
    ]);
  });

  it('leaves the API its own refusals, and keeps no error for the next person', () => {
    const { CustomErrorResponses } = distribution('HostingSite');
    expect(CustomErrorResponses.filter((response) => 'ResponsePagePath' in response)).toEqual([]);
    expect(CustomErrorResponses.map(({ ErrorCachingMinTTL }) => ErrorCachingMinTTL)).toEqual(CustomErrorResponses.map(() => 0));
    expect(CustomErrorResponses.map(({ ErrorCode }) => ErrorCode)).toEqual(expect.arrayContaining([403, 404, 500, 503]));
  });

  it('answers a missing file with the one page for nothing here, and 404', () => {
    expect(distribution('HostingSite').OriginGroups).toMatchObject({
      Items: [{ FailoverCriteria: { StatusCodes: { Items: [403, 404] } } }],
    });
    expect(distribution('HostingNotFoundSite').CustomErrorResponses).toEqual(
      [403, 404].map((code) => ({ ErrorCode: code, ResponseCode: 404, ResponsePagePath: '/404.html', ErrorCachingMinTTL: 0 })),
    );
  });

  it('forbids pages what they do not need, and lets any verifier read the files', () => {
    const files = only('AWS::CloudFront::ResponseHeadersPolicy', 'FileHeaders').properties.ResponseHeadersPolicyConfig;
    expect(files).toMatchObject({
      SecurityHeadersConfig: {
        ContentSecurityPolicy: { ContentSecurityPolicy: CONTENT_SECURITY_POLICY, Override: true },
        StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true },
        ContentTypeOptions: { Override: true },
      },
      CorsConfig: { AccessControlAllowOrigins: { Items: ['*'] }, AccessControlAllowCredentials: false },
    });
    expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
    expect(CONTENT_SECURITY_POLICY).not.toContain('unsafe');
  });

  it('is the deployment’s own domain, over TLS 1.2, behind its web ACL', () => {
    expect(distribution('HostingSite', prod.storage)).toMatchObject({
      Aliases: ['badges.example.org'],
      ViewerCertificate: { AcmCertificateArn: PROD.certificateArn, MinimumProtocolVersion: 'TLSv1.2_2021' },
      WebACLId: PROD.webAclArn,
    });
    const programme = resources(prod.path, 'AWS::Lambda::Function').find(
      ({ properties }) => properties.FunctionName === 'assay-prod-programme-api',
    );
    expect(programme?.properties.Environment).toMatchObject({
      Variables: { PUBLIC_BASE_URL: 'https://badges.example.org', SECRETS_KEY_ARN: 'assay-prod-secrets-key-arn' },
    });
  });
});

describe('the people', () => {
  it('are invited, never self-registered, and sign in by a code that needs no secret', () => {
    expect(found('AWS::Cognito::UserPool')[0]?.properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      DeletionProtection: 'ACTIVE',
      Policies: { PasswordPolicy: { MinimumLength: 14 } },
    });
    expect(found('AWS::Cognito::UserPoolClient')[0]?.properties).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      PreventUserExistenceErrors: 'ENABLED',
    });
    expect(found('AWS::Cognito::UserPoolGroup').map(({ properties }) => properties.GroupName)).toEqual(['operator']);
  });

  it('are another provider’s where the deployment names one', () => {
    expect(resources(prod.storage, 'AWS::Cognito::UserPool')).toEqual([]);
  });

  it('have the secrets of their tools sealed by a key that rotates', () => {
    expect(found('AWS::KMS::Key').map(({ properties }) => properties.EnableKeyRotation)).toEqual([true]);
  });
});
