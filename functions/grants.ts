/**
 * What a need of a step means: the IAM actions on which resource, under which condition, and the environment
 * variables that name the resource to the code. `infra/` writes these into each function's role; `local/`
 * enforces the same statements on one machine.
 */

/** The resources a statement can name; each deployment knows its own ARNs for them. */
export type ResourceName =
  | 'table'
  | 'table-indexes'
  | 'table-stream'
  | 'evidence-objects'
  | 'evidence-bucket'
  | 'hosted-objects'
  | 'hosted-bucket'
  | 'bus'
  | 'any-key'
  | 'secrets-key'
  | 'any'
  | 'schedules'
  | 'schedule-role';

export interface Statement {
  readonly actions: readonly string[];
  readonly resource: ResourceName;
  /** IAM condition block: operator → condition key → value. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Grant {
  readonly statements: readonly Statement[];
  readonly environment: readonly EnvironmentName[];
}

/** Every variable that a function may be given; shared/adapters/environment.ts parses them. */
export type EnvironmentName =
  | 'TABLE_NAME'
  | 'EVIDENCE_BUCKET'
  | 'HOSTED_BUCKET'
  | 'BUS_NAME'
  | 'BUS_ARN'
  | 'SECRETS_KEY_ARN'
  | 'SCHEDULE_GROUP'
  | 'SCHEDULE_ROLE_ARN'
  | 'PUBLIC_BASE_URL'
  | 'IDENTITY_SECONDS'
  | 'MALWARE_SCAN'
  | 'LOOPBACK_DOCUMENTS';

/** Tag that marks a KMS key as one that may sign badges; keys without it can be neither read nor used by a step. */
export const SIGNING_KEY_TAG = { key: 'assay:purpose', value: 'badge-signing' } as const;

const SIGNING_KEYS_ONLY = { StringEquals: { [`aws:ResourceTag/${SIGNING_KEY_TAG.key}`]: SIGNING_KEY_TAG.value } } as const;

// Without ListBucket, S3 answers a missing object with 403 instead of 404.
export const GRANTS = {
  'table:read': {
    statements: [
      { actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], resource: 'table' },
      { actions: ['dynamodb:Query'], resource: 'table-indexes' },
    ],
    environment: ['TABLE_NAME'],
  },
  // TransactWriteItems is authorised by the actions inside it.
  'table:write': {
    statements: [
      { actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'], resource: 'table' },
    ],
    environment: ['TABLE_NAME'],
  },
  // What an event source mapping reads with; the function's own code never calls the stream.
  'outbox:read': {
    statements: [
      { actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], resource: 'table-stream' },
      { actions: ['dynamodb:ListStreams'], resource: 'any' },
    ],
    environment: [],
  },
  'bus:publish': { statements: [{ actions: ['events:PutEvents'], resource: 'bus' }], environment: ['BUS_NAME'] },
  'evidence:put': { statements: [{ actions: ['s3:PutObject'], resource: 'evidence-objects' }], environment: ['EVIDENCE_BUCKET'] },
  'evidence:read': {
    statements: [
      { actions: ['s3:GetObject', 's3:GetObjectVersion'], resource: 'evidence-objects' },
      { actions: ['s3:ListBucket'], resource: 'evidence-bucket' },
    ],
    environment: ['EVIDENCE_BUCKET'],
  },
  'hosted:write': {
    statements: [
      { actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'], resource: 'hosted-objects' },
      { actions: ['s3:ListBucket'], resource: 'hosted-bucket' },
    ],
    environment: ['HOSTED_BUCKET'],
  },
  // Tagging is part of making a key with a tag; by key spec, so that no key of another kind can be made to look like one.
  'issuer-key:create': {
    statements: [
      {
        actions: ['kms:CreateKey', 'kms:TagResource'],
        resource: 'any',
        condition: {
          StringEquals: {
            [`aws:RequestTag/${SIGNING_KEY_TAG.key}`]: SIGNING_KEY_TAG.value,
            'kms:KeySpec': ['ECC_NIST_EDWARDS25519', 'RSA_2048', 'ECC_NIST_P256'],
          },
        },
      },
    ],
    environment: [],
  },
  'issuer-key:read': {
    statements: [{ actions: ['kms:GetPublicKey', 'kms:DescribeKey'], resource: 'any-key', condition: SIGNING_KEYS_ONLY }],
    environment: [],
  },
  'issuer-key:sign': {
    statements: [
      {
        actions: ['kms:Sign'],
        resource: 'any-key',
        condition: {
          StringEquals: { ...SIGNING_KEYS_ONLY.StringEquals, 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' },
        },
      },
    ],
    environment: [],
  },
  // Signs digests for VC-JWTs; by algorithm, so that it can sign nothing else with such a key.
  'issuer-key:sign-jwt': {
    statements: [
      {
        actions: ['kms:Sign'],
        resource: 'any-key',
        condition: {
          StringEquals: {
            ...SIGNING_KEYS_ONLY.StringEquals,
            'kms:SigningAlgorithm': ['RSASSA_PKCS1_V1_5_SHA_256', 'ECDSA_SHA_256'],
            'kms:MessageType': 'DIGEST',
          },
        },
      },
    ],
    environment: [],
  },
  'issuer-key:retire': {
    statements: [{ actions: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'], resource: 'any-key', condition: SIGNING_KEYS_ONLY }],
    environment: [],
  },
  'secret:encrypt': { statements: [{ actions: ['kms:Encrypt'], resource: 'secrets-key' }], environment: ['SECRETS_KEY_ARN'] },
  'secret:decrypt': { statements: [{ actions: ['kms:Decrypt'], resource: 'secrets-key' }], environment: ['SECRETS_KEY_ARN'] },
  'timer:set': {
    statements: [
      { actions: ['scheduler:CreateSchedule'], resource: 'schedules' },
      { actions: ['iam:PassRole'], resource: 'schedule-role' },
    ],
    environment: ['SCHEDULE_GROUP', 'SCHEDULE_ROLE_ARN', 'BUS_ARN'],
  },
  'timer:clear': { statements: [{ actions: ['scheduler:DeleteSchedule'], resource: 'schedules' }], environment: ['SCHEDULE_GROUP'] },
  'public-url': { statements: [], environment: ['PUBLIC_BASE_URL'] },
  'identity-cache': { statements: [], environment: ['IDENTITY_SECONDS'] },
  'malware-scan': { statements: [], environment: ['MALWARE_SCAN'] },
  // What strangers publish needs no rights of ours; what is asked of them goes through a guard (shared/adapters/web).
  'web:read': { statements: [], environment: ['LOOPBACK_DOCUMENTS'] },
} as const satisfies Record<string, Grant>;

export type Need = keyof typeof GRANTS;
