/** What this machine has in place of cloud resources: their names, their ARNs, and the values of the environment variables that name them. */
import type { EnvironmentName, ResourceName } from '../functions/grants.ts';
import { ACCOUNT, REGION } from './aws/service.ts';

export const TABLE_NAME = 'assay';
export const EVIDENCE_BUCKET = 'assay-evidence';
export const HOSTED_BUCKET = 'assay-hosted';
export const BUS_NAME = 'assay';
export const SCHEDULE_GROUP = 'assay';
export const SECRETS_KEY_ALIAS = 'alias/assay-secrets';

/** No edge keeps copies here, so a key need not be announced for long. */
const IDENTITY_SECONDS = '2';

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

const BUS_ARN = arn('events', `event-bus/${BUS_NAME}`);
const SCHEDULE_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/assay-timers`;

export const resourceArns = (secretsKeyArn: string): Readonly<Record<ResourceName, readonly string[]>> => ({
  table: [arn('dynamodb', `table/${TABLE_NAME}`)],
  'table-indexes': [arn('dynamodb', `table/${TABLE_NAME}/index/*`)],
  'table-stream': [arn('dynamodb', `table/${TABLE_NAME}/stream/*`)],
  'evidence-objects': [`arn:aws:s3:::${EVIDENCE_BUCKET}/*`],
  'evidence-bucket': [`arn:aws:s3:::${EVIDENCE_BUCKET}`],
  'hosted-objects': [`arn:aws:s3:::${HOSTED_BUCKET}/*`],
  'hosted-bucket': [`arn:aws:s3:::${HOSTED_BUCKET}`],
  bus: [BUS_ARN],
  'any-key': [arn('kms', 'key/*')],
  'secrets-key': [secretsKeyArn],
  any: ['*'],
  schedules: [arn('scheduler', `schedule/${SCHEDULE_GROUP}/*`)],
  'schedule-role': [SCHEDULE_ROLE_ARN],
});

export const environmentValues = (publicBaseUrl: string, secretsKeyArn: string): Readonly<Record<EnvironmentName, string>> => ({
  TABLE_NAME,
  EVIDENCE_BUCKET,
  HOSTED_BUCKET,
  BUS_NAME,
  BUS_ARN,
  SECRETS_KEY_ARN: secretsKeyArn,
  SCHEDULE_GROUP,
  SCHEDULE_ROLE_ARN,
  PUBLIC_BASE_URL: publicBaseUrl,
  IDENTITY_SECONDS,
  MALWARE_SCAN: 'guardduty',
  LOOPBACK_DOCUMENTS: 'allowed',
});
