/**
 * What must outlive a deploy: the table, the buckets, the key, the people, and the addresses that badges and tools were told.
 * Nothing here is ever deleted by CloudFormation. The path stack gets names from here, never the resources themselves.
 */
import { type App, CfnOutput, CfnResource, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { TABLE } from '../shared/table-shape.ts';
import { evidenceBucket } from './constructs/evidence-bucket.ts';
import { type EdgeFunctions, hosting } from './constructs/hosting.ts';
import { identity } from './constructs/identity.ts';
import { malwareScan } from './constructs/malware-scan.ts';
import { privateBucket } from './constructs/private-bucket.ts';
import type { Deployment } from './deployment.ts';

/** Access logs hold IP addresses: kept as long as an incident is looked into, no longer. */
const ACCESS_LOG_DAYS = 90;

/** What the path stack must know of the storage; each is a name or an address. */
export interface Storage {
  readonly stack: Stack;
  readonly tableName: string;
  readonly tableArn: string;
  readonly tableStreamArn: string;
  readonly evidenceBucket: string;
  readonly evidenceBucketArn: string;
  readonly hostedBucket: string;
  readonly hostedBucketArn: string;
  readonly secretsKeyArn: string;
  readonly apiId: string;
  readonly publicBaseUrl: string;
  readonly tokenIssuer: string;
  readonly tokenAudience: string;
}

interface StorageProps {
  readonly deployment: Deployment;
  readonly edge: EdgeFunctions;
}

export const storageStack = (app: App, { deployment, edge }: StorageProps): Storage => {
  const stack = new Stack(app, `assay-${deployment.stage}-storage`, {
    description: 'Assay: what must outlive a deploy',
    terminationProtection: deployment.stage === 'prod',
  });
  const table = singleTable(stack);
  const secretsKey = new kms.Key(stack, 'Secrets', { description: `Assay ${deployment.stage}: webhook secrets`, enableKeyRotation: true });
  const accessLogs = accessLogBucket(stack);
  const api = frontDoor(stack, deployment);
  const apiDomain = `${api.attrApiId}.execute-api.${stack.region}.${stack.urlSuffix}`;
  const { bucket: hosted, baseUrl, distribution } = hosting(stack, { deployment, accessLogs, apiDomain, edge });
  const origins = [baseUrl, ...deployment.appOrigins];
  const evidence = evidenceBucket(stack, { accessLogs, origins });
  if (deployment.malwareScan === 'guardduty') malwareScan(stack, evidence);
  const people = identity(stack, { deployment, origins });

  outputs(stack, { PublicBaseUrl: baseUrl, SiteHost: distribution.distributionDomainName, UserPoolId: people.userPoolId });
  keepForEver(stack);
  const told = teller(stack, deployment.stage);
  return {
    stack,
    tableName: told('table-name', table.tableName),
    tableArn: told('table-arn', table.tableArn),
    tableStreamArn: told('table-stream-arn', table.tableStreamArn),
    evidenceBucket: told('evidence-bucket', evidence.bucketName),
    evidenceBucketArn: told('evidence-bucket-arn', evidence.bucketArn),
    hostedBucket: told('hosted-bucket', hosted.bucketName),
    hostedBucketArn: told('hosted-bucket-arn', hosted.bucketArn),
    secretsKeyArn: told('secrets-key-arn', secretsKey.keyArn),
    apiId: told('api-id', api.attrApiId),
    publicBaseUrl: told('public-base-url', baseUrl),
    tokenIssuer: told('token-issuer', people.issuer),
    tokenAudience: told('token-audience', people.audience),
  };
};

/** Exports a fact under a name that a reader knows (`assay-prod-table-arn`), not one that CDK makes up of its construct tree. */
const teller =
  (stack: Stack, stage: string) =>
  (name: string, value: string | undefined): string => {
    if (value === undefined) throw new Error(`The storage has no ${name}.`);
    return Token.isUnresolved(value) ? stack.exportValue(value, { name: `assay-${stage}-${name}` }) : value;
  };

const outputs = (stack: Stack, facts: Readonly<Record<string, string | undefined>>): void => {
  for (const [name, value] of Object.entries(facts)) if (value !== undefined) new CfnOutput(stack, name, { value });
};

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING });

const singleTable = (stack: Stack): dynamodb.Table => {
  const table = new dynamodb.Table(stack, 'Table', {
    partitionKey: text(TABLE.partitionKey),
    sortKey: text(TABLE.sortKey),
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    timeToLiveAttribute: TABLE.ttl,
    stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    encryption: dynamodb.TableEncryption.AWS_MANAGED,
  });
  for (const [name, { partitionKey, sortKey }] of Object.entries(TABLE.indexes))
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: text(partitionKey),
      sortKey: text(sortKey),
      projectionType: dynamodb.ProjectionType.ALL,
    });
  return table;
};

const accessLogBucket = (stack: Stack): s3.IBucket =>
  privateBucket(stack, 'AccessLogs', {
    // CloudFront hands over its logs by an ACL.
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
    lifecycleRules: [{ id: 'drop-old-logs', expiration: Duration.days(ACCESS_LOG_DAYS) }],
  });

/** The API without its routes, for its id is part of its address; the routes are the path's. */
const frontDoor = (stack: Stack, { stage, appOrigins }: Deployment): apigateway.CfnApi =>
  new apigateway.CfnApi(stack, 'Api', {
    name: `assay-${stage}`,
    protocolType: 'HTTP',
    ...(appOrigins.length > 0 && {
      corsConfiguration: {
        allowOrigins: [...appOrigins],
        allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
        allowHeaders: ['assay-tenant', 'authorization', 'content-type'],
        maxAge: 3600,
      },
    }),
  });

/** Retained, except where the very first deploy fails: then nothing was stored yet, and nothing stays behind. */
const keepForEver = (stack: Stack): void => {
  for (const child of stack.node.findAll())
    if (CfnResource.isCfnResource(child)) child.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
};
