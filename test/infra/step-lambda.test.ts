import { describe, expect, it } from 'vitest';
import { type AssemblyFunction, assemble } from '../../functions/assembly.ts';
import type { ResourceName } from '../../functions/grants.ts';
import { type Found, referred, resources, roleStatements, synthesised } from './synthesis.ts';

const { path } = synthesised();
const lambdas = resources(path, 'AWS::Lambda::Function');
const roles = resources(path, 'AWS::IAM::Role');

const lambdaOf = (name: string): Found => lambdas.find(({ properties }) => properties.FunctionName === `assay-dev-${name}`)!;
const roleOf = (name: string): Found => roles.find(({ id }) => id === referred(lambdaOf(name).properties.Role))!;

const HERE = '<AWS::Partition>:SERVICE:<AWS::Region>:<AWS::AccountId>';
const arn = (service: string, resource: string): string => `arn:${HERE.replace('SERVICE', service)}:${resource}`;

const ARNS: Readonly<Record<ResourceName, RegExp | string>> = {
  table: 'assay-dev-table-arn',
  'table-indexes': 'assay-dev-table-arn/index/*',
  'table-stream': 'assay-dev-table-stream-arn',
  'evidence-bucket': 'assay-dev-evidence-bucket-arn',
  'evidence-objects': 'assay-dev-evidence-bucket-arn/*',
  'hosted-bucket': 'assay-dev-hosted-bucket-arn',
  'hosted-objects': 'assay-dev-hosted-bucket-arn/*',
  bus: expect.stringMatching(/^<Bus\w+\.Arn>$/),
  'any-key': arn('kms', 'key/*'),
  'secrets-key': 'assay-dev-secrets-key-arn',
  any: '*',
  schedules: arn('scheduler', 'schedule/assay-dev/*'),
  'schedule-role': expect.stringMatching(/^<TimersRole\w+\.Arn>$/),
};

/** Beside its row, a function may write its own log and be fed by its own trigger. */
const runtimeStatements = ({ trigger }: AssemblyFunction) => {
  const allowed = (actions: string[], resource: RegExp) => ({
    effect: 'Allow',
    actions,
    resources: [expect.stringMatching(resource)],
    condition: undefined,
    principal: undefined,
  });
  const log = allowed(['logs:CreateLogStream', 'logs:PutLogEvents'], /^<\w+Log\w+\.Arn>$/);
  if (trigger.kind === 'http') return [log];
  if (trigger.kind === 'stream') return [log, allowed(['sqs:SendMessage'], /^<\w+DeadLetters\w+\.Arn>$/)];
  return [log, allowed(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], /^<\w+queueQueue\w+\.Arn>$/)];
};

describe('the functions of a deployment', () => {
  it('are exactly those of the path', () => {
    expect(lambdas.map(({ properties }) => properties.FunctionName).sort()).toEqual(
      assemble()
        .map(({ name }) => `assay-dev-${name}`)
        .sort(),
    );
  });

  it.each(assemble())('$name runs on Node 24 and arm64, sized as its row says', ({ name, memoryMb, timeoutSeconds }) => {
    expect(lambdaOf(name).properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: memoryMb,
      Timeout: timeoutSeconds,
    });
  });

  it.each(assemble())('$name is told the names that its row needs, and no others', ({ name, environment }) => {
    const { Variables } = lambdaOf(name).properties.Environment as { Variables: Record<string, unknown> };
    expect(Object.keys(Variables).sort()).toEqual([...environment, 'NODE_OPTIONS', 'POWERTOOLS_SERVICE_NAME'].sort());
    expect(Object.values(Variables).every((value) => typeof value === 'string' && value !== '')).toBe(true);
    expect(Variables).toMatchObject({ NODE_OPTIONS: '--enable-source-maps', POWERTOOLS_SERVICE_NAME: name });
  });

  it('write each into a log of its own, which is dropped after a time', () => {
    const logs = resources(path, 'AWS::Logs::LogGroup').filter(
      ({ properties }) => properties.LogGroupName !== '/aws/vendedlogs/assay/dev/api-access',
    );
    expect(logs.map(({ properties }) => properties)).toEqual(
      assemble().map(({ name }) => expect.objectContaining({ LogGroupName: `/assay/dev/${name}`, RetentionInDays: 14 })),
    );
  });
});

describe('what a function may do', () => {
  it.each(assemble())('$name may do exactly what its row grants', (step) => {
    const granted = step.statements.map(({ actions, resource, condition }) => ({
      effect: 'Allow',
      actions: [...actions],
      resources: [ARNS[resource]],
      condition,
      principal: undefined,
    }));
    expect(roleStatements(roleOf(step.name))).toEqual([...runtimeStatements(step), ...granted]);
  });

  it('stands in its role alone: no shared role, no managed policy, no policy from elsewhere', () => {
    const used = assemble().map(({ name }) => roleOf(name).id);
    expect(new Set(used).size).toBe(used.length);
    expect(roles.filter(({ properties }) => 'ManagedPolicyArns' in properties)).toEqual([]);
    expect([...resources(path, 'AWS::IAM::Policy'), ...resources(path, 'AWS::IAM::ManagedPolicy')]).toEqual([]);
  });

  it('is signing for the functions that issue badges and status lists, and for no others', () => {
    const signers = assemble().filter(({ name }) => roleStatements(roleOf(name)).some(({ actions }) => actions.includes('kms:Sign')));
    expect(signers.map(({ name }) => name).sort()).toEqual(['on-credential-earned', 'on-status-list-changed']);
  });

  it('is signing with a key tagged for badges: raw messages by Ed25519, digests by the algorithms of JWTs, and nothing else', () => {
    const signing = roles.flatMap(roleStatements).filter(({ actions }) => actions.includes('kms:Sign'));
    expect(signing.length).toBeGreaterThan(0);
    for (const { actions, condition } of signing) {
      expect(actions).toEqual(['kms:Sign']);
      const tagged = { 'aws:ResourceTag/assay:purpose': 'badge-signing' };
      expect([
        { ...tagged, 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' },
        { ...tagged, 'kms:SigningAlgorithm': ['RSASSA_PKCS1_V1_5_SHA_256', 'ECDSA_SHA_256'], 'kms:MessageType': 'DIGEST' },
      ]).toContainEqual(condition?.StringEquals);
    }
  });

  it('names no action by a wildcard, and no resource beyond the six kinds that can be named no closer', () => {
    const statements = roles.flatMap(roleStatements);
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    const wildcards = statements.flatMap((statement) => statement.resources).filter((resource) => resource.includes('*'));
    const accepted = ['table-indexes', 'evidence-objects', 'hosted-objects', 'any-key', 'any', 'schedules'] as const;
    expect([...new Set(wildcards)].sort()).toEqual(accepted.map((name) => String(ARNS[name])).sort());
  });

  it('is nothing at all for the function that anyone can send out into the web, which asks public addresses only', () => {
    const verification = assemble().find(({ name }) => name === 'verification-api');
    expect(verification?.statements).toEqual([]);
    expect(lambdaOf('verification-api').properties).not.toHaveProperty('VpcConfig');
    expect(lambdaOf('verification-api').properties.Environment).toMatchObject({ Variables: { LOOPBACK_DOCUMENTS: 'refused' } });
  });

  it('is writing traces too where the deployment asks for them', () => {
    const traced = synthesised({ tracing: 'on' }).path;
    const lambda = resources(traced, 'AWS::Lambda::Function')[0];
    expect(lambda?.properties.TracingConfig).toEqual({ Mode: 'Active' });
    const role = resources(traced, 'AWS::IAM::Role').find(({ id }) => id === referred(lambda?.properties.Role));
    expect(role && roleStatements(role)[1]?.actions).toEqual(['xray:PutTraceSegments', 'xray:PutTelemetryRecords']);
  });
});
