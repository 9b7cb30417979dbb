import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assemble } from '../../functions/assembly.ts';
import { openCredentials } from '../../local/aws/credentials.ts';
import { type ConditionBlock, createIam, type PolicyStatement, policyOf, principalOf } from '../../local/aws/iam.ts';
import { AwsError } from '../../local/aws/service.ts';
import { ARNS, aFolder } from './machine.ts';

type Asked = readonly [action: string, resource: string, context?: Readonly<Record<string, string>>];

const may = (statements: readonly PolicyStatement[], ...asked: Asked): boolean => {
  try {
    createIam({ policies: { it: statements } })('it').authorize(...asked);
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'AccessDenied') return false;
    throw error;
  }
};

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/assay';
const statement = (over: Partial<PolicyStatement> = {}): PolicyStatement => ({
  actions: ['dynamodb:GetItem'],
  resources: [TABLE],
  ...over,
});

describe('a statement', () => {
  test.each<readonly [string, boolean, PolicyStatement, Asked]>([
    ['its action on its resource', true, statement(), ['dynamodb:GetItem', TABLE]],
    ['its action in other letters', true, statement(), ['DynamoDB:getitem', TABLE]],
    ['no other action', false, statement(), ['dynamodb:PutItem', TABLE]],
    ['no other resource', false, statement(), ['dynamodb:GetItem', `${TABLE}2`]],
    ['no resource in other letters', false, statement(), ['dynamodb:GetItem', TABLE.toUpperCase()]],
    ['every action of a pattern', true, statement({ actions: ['dynamodb:*Item'] }), ['dynamodb:PutItem', TABLE]],
    ['no action beyond its pattern', false, statement({ actions: ['dynamodb:?etItem'] }), ['dynamodb:PutItem', TABLE]],
    ['everything below a prefix', true, statement({ resources: [`${TABLE}/index/*`] }), ['dynamodb:GetItem', `${TABLE}/index/by-learner`]],
    ['not the prefix itself', false, statement({ resources: [`${TABLE}/index/*`] }), ['dynamodb:GetItem', TABLE]],
    ['one letter for a question mark', true, statement({ resources: [TABLE.replace('assay', 'ass?y')] }), ['dynamodb:GetItem', TABLE]],
    [
      'a resource with colons of its own',
      true,
      statement({ resources: ['arn:aws:s3:::b/*'] }),
      ['dynamodb:GetItem', 'arn:aws:s3:::b/a:b/c:d'],
    ],
    ['no other part of an ARN by its wildcard', false, statement({ resources: ['arn:aws:dynamodb:*'] }), ['dynamodb:GetItem', TABLE]],
    ['no other account', false, statement({ resources: ['arn:aws:dynamodb:us-east-1:1*:table/assay'] }), ['dynamodb:GetItem', TABLE]],
    ['anything for a lone star', true, statement({ resources: ['*'] }), ['dynamodb:GetItem', TABLE]],
    [
      'nothing for letters that a regular expression would read',
      false,
      statement({ resources: [`${TABLE}|.*`] }),
      ['dynamodb:GetItem', `${TABLE}x`],
    ],
  ])('allows %s', (_title, allowed, ...[given, asked]) => {
    expect(may([given], ...asked)).toBe(allowed);
  });

  const when = (condition: ConditionBlock, context?: Readonly<Record<string, string>>): boolean =>
    may([statement({ condition })], 'dynamodb:GetItem', TABLE, context);

  test.each<readonly [string, boolean, ConditionBlock, Readonly<Record<string, string>>]>([
    ['the value is equal', true, { StringEquals: { k: 'v' } }, { k: 'v' }],
    ['the value is one of several', true, { StringEquals: { k: ['u', 'v'] } }, { k: 'v' }],
    ['the value is another', false, { StringEquals: { k: 'v' } }, { k: 'w' }],
    ['the key is missing', false, { StringEquals: { k: 'v' } }, {}],
    ['the key is missing and its absence would be equal to nothing', false, { StringNotEquals: { k: 'v' } }, {}],
    ['one of two keys does not fit', false, { StringEquals: { k: 'v', l: 'v' } }, { k: 'v', l: 'w' }],
    ['one of two operators does not fit', false, { StringEquals: { k: 'v' }, StringLike: { k: 'w*' } }, { k: 'v' }],
    ['the value fits a pattern', true, { StringLike: { k: 'v*x?' } }, { k: 'v/x1' }],
    ['the pattern is taken literally', false, { StringEquals: { k: 'v*' } }, { k: 'v1' }],
    ['the value is not the excluded one', true, { StringNotEquals: { k: 'v' } }, { k: 'w' }],
    ['the value is the excluded one', false, { StringNotEquals: { k: ['v', 'w'] } }, { k: 'w' }],
    ['the value fits an excluded pattern', false, { StringNotLike: { k: 'v*' } }, { k: 'v1' }],
    ['only its letters differ', true, { StringEqualsIgnoreCase: { k: 'V' } }, { k: 'v' }],
    ['any value of a set is equal', true, { 'ForAnyValue:StringEquals': { k: ['a', 'v'] } }, { k: 'v' }],
    ['any value of a set fits a pattern', true, { 'ForAnyValue:StringLike': { k: ['a', 'v*'] } }, { k: 'v1' }],
    ['the operator is unknown', false, { StringEqualsIfExists: { k: 'v' } }, { k: 'v' }],
    ['no value is named', false, { StringEquals: { k: [] } }, { k: 'v' }],
  ])('when %s: %s', (_title, allowed, ...[condition, context]) => {
    expect(when(condition, context)).toBe(allowed);
  });

  test('is not completed by another one', () => {
    const statements = [
      statement(),
      statement({ actions: ['dynamodb:PutItem'], resources: ['arn:aws:dynamodb:us-east-1:000000000000:table/other'] }),
    ];
    expect(may(statements, 'dynamodb:PutItem', TABLE)).toBe(false);
  });
});

describe('a principal', () => {
  test('without statements may do nothing, and hears what it lacks', () => {
    const caller = createIam({ policies: {} })('function/learner-api');
    expect(() => caller.authorize('kms:Sign', 'arn:aws:kms:us-east-1:000000000000:key/1')).toThrow(
      'User: arn:aws:iam::000000000000:user/function/learner-api is not authorized to perform: kms:Sign on resource: arn:aws:kms:us-east-1:000000000000:key/1',
    );
  });

  test('called like a member of every object is still nobody', () => {
    expect(() => createIam({ policies: {} })('constructor').authorize('kms:Sign', '*')).toThrow(AwsError);
  });

  test('root may do everything on its own machine', () => {
    expect(() => createIam({ policies: {} })('root').authorize('kms:Sign', '*')).not.toThrow();
  });
});

describe('a function of the path', () => {
  const policies = Object.fromEntries(assemble().map((fn) => [principalOf(fn), policyOf(fn, ARNS)]));
  const functionMay = (name: string, ...asked: Asked): boolean => may(policies[`function/${name}`] ?? [], ...asked);
  const signing = { 'aws:ResourceTag/assay:purpose': 'badge-signing', 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' };
  const key = 'arn:aws:kms:us-east-1:000000000000:key/1';

  test('signs only if it issues or publishes status, only raw Ed25519, only with a key for badges', () => {
    const signers = assemble().filter(({ name }) => functionMay(name, 'kms:Sign', key, signing));
    expect(signers.map(({ name }) => name).sort()).toEqual(['on-credential-earned', 'on-status-list-changed']);
    expect(functionMay('on-credential-earned', 'kms:Sign', key, { ...signing, 'kms:MessageType': 'DIGEST' })).toBe(false);
    expect(functionMay('on-credential-earned', 'kms:Sign', key, { ...signing, 'aws:ResourceTag/assay:purpose': 'secrets' })).toBe(false);
  });

  test('reads evidence only where its bytes are inspected', () => {
    const readers = assemble().filter(({ name }) => functionMay(name, 's3:GetObject', 'arn:aws:s3:::evidence/t/s/e'));
    expect(readers.map(({ name }) => name)).toEqual(['on-evidence-uploaded']);
  });

  test('sets a timer only with the role that was made for timers', () => {
    expect(functionMay('on-webhook-received', 'iam:PassRole', 'arn:aws:iam::000000000000:role/schedule')).toBe(true);
    expect(functionMay('on-webhook-received', 'iam:PassRole', 'arn:aws:iam::000000000000:role/admin')).toBe(false);
  });
});

describe('credentials', () => {
  test('are made once for each principal and are the same after a restart', () => {
    const { folder, remove } = aFolder();
    const before = openCredentials(folder);
    const made = ['root', 'function/a', 'function/b'].map((principal) => before.of(principal));
    const after = openCredentials(folder);
    expect(['root', 'function/a', 'function/b'].map((principal) => after.of(principal))).toEqual(made);
    expect(new Set(made.map(({ accessKeyId }) => accessKeyId)).size).toBe(3);
    expect(after.keyOf(made[1]!.accessKeyId)).toEqual({ principal: 'function/a', secretAccessKey: made[1]!.secretAccessKey });
    expect(after.keyOf('AKIAUNKNOWNUNKNOWN00')).toBeUndefined();
    remove();
  });

  test('are readable by their owner only, also if somebody loosened the file', () => {
    const { folder, remove } = aFolder();
    const file = join(folder, 'credentials.json');
    openCredentials(folder).of('root');
    const stored = readFileSync(file, 'utf8');
    writeFileSync(file, stored, { mode: 0o644 });
    openCredentials(folder);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    remove();
  });

  test('from a spoilt file are refused, not replaced', () => {
    const { folder, remove } = aFolder();
    writeFileSync(join(folder, 'credentials.json'), '{"root":{"accessKeyId":"","secretAccessKey":""}}');
    expect(() => openCredentials(folder)).toThrow();
    remove();
  });
});
