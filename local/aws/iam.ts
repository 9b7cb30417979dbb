/**
 * What a caller may do: the statements that `functions/grants.ts` writes, evaluated as IAM does. Everything that no
 * statement allows is denied; there are no denying statements, no resource policies and no policy variables.
 */
import type { AssemblyFunction } from '../../functions/assembly.ts';
import type { ResourceName } from '../../functions/grants.ts';
import { ROOT } from './credentials.ts';
import { ACCOUNT, AwsError, type Caller } from './service.ts';

/** Operator → condition key → value or values, as in a policy document. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface PolicyStatement {
  /** `kms:Sign`; with `*` and `?`. */
  readonly actions: readonly string[];
  /** ARNs with `*` and `?` inside their parts, or `*` alone. */
  readonly resources: readonly string[];
  readonly condition?: ConditionBlock;
}

/** Principal → its statements. */
export type Policies = Readonly<Record<string, readonly PolicyStatement[]>>;

type Context = Readonly<Record<string, string>>;

/** What a statement is asked about. */
interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

export const createIam = ({ policies }: { readonly policies: Policies }): ((principal: string) => Caller) => {
  const statementsOf = new Map(Object.entries(policies));
  return (principal) => ({
    principal,
    authorize: (action, resource, context = {}) => {
      if (principal === ROOT) return;
      const statements = statementsOf.get(principal) ?? [];
      if (!statements.some((statement) => allows(statement, { action, resource, context }))) throw denial(principal, action, resource);
    },
  });
};

/** S3 answers this code as it is; the wire renames it for the JSON services. */
const denial = (principal: string, action: string, resource: string): AwsError =>
  new AwsError(
    'AccessDenied',
    `User: ${principalArn(principal)} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    { status: 403 },
  );

export const principalArn = (principal: string): string =>
  principal === ROOT ? `arn:aws:iam::${ACCOUNT}:root` : `arn:aws:iam::${ACCOUNT}:user/${principal}`;

const allows = (statement: PolicyStatement, { action, resource, context }: Question): boolean =>
  statement.actions.some((pattern) => matchesAction(pattern, action)) &&
  statement.resources.some((pattern) => matchesArn(pattern, resource)) &&
  conditionHolds(statement.condition ?? {}, context);

/** Action names know no case; IAM User Guide, "IAM JSON policy elements: Action". */
const matchesAction = (pattern: string, action: string): boolean => matchesGlob(pattern.toLowerCase(), action.toLowerCase());

const ARN_PARTS = 6;

/** A wildcard stays within its part of the ARN, so `arn:aws:*` is no table; only `*` alone means everything. */
const matchesArn = (pattern: string, arn: string): boolean => {
  if (pattern === '*') return true;
  const wanted = arnParts(pattern);
  const actual = arnParts(arn);
  return wanted.length === ARN_PARTS && actual.length === ARN_PARTS && wanted.every((part, at) => matchesGlob(part, actual[at] ?? ''));
};

/** The last part may itself hold colons. */
const arnParts = (arn: string): readonly string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, ARN_PARTS - 1), ...(parts.length < ARN_PARTS ? [] : [parts.slice(ARN_PARTS - 1).join(':')])];
};

const matchesGlob = (pattern: string, text: string): boolean => {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${source}$`).test(text);
};

type Compare = (actual: string, wanted: readonly string[]) => boolean;

const equalsAny: Compare = (actual, wanted) => wanted.includes(actual);
const likeAny: Compare = (actual, wanted) => wanted.some((pattern) => matchesGlob(pattern, actual));

// A context value is a single string here, so the set operator ForAnyValue asks the same as its plain form.
const OPERATORS: ReadonlyMap<string, Compare> = new Map([
  ['StringEquals', equalsAny],
  ['StringLike', likeAny],
  ['StringNotEquals', (actual, wanted) => !equalsAny(actual, wanted)],
  ['StringNotLike', (actual, wanted) => !likeAny(actual, wanted)],
  ['StringEqualsIgnoreCase', (actual, wanted) => wanted.some((value) => value.toLowerCase() === actual.toLowerCase())],
  ['ForAnyValue:StringEquals', equalsAny],
  ['ForAnyValue:StringLike', likeAny],
]);

/**
 * All must hold. An operator that is not known and a key that the request does not have never hold: stricter than IAM,
 * where a negated operator is true of a missing key, so that no statement allows here by what is absent.
 */
const conditionHolds = (condition: ConditionBlock, context: Context): boolean =>
  Object.entries(condition).every(([operator, keys]) => {
    const compare = OPERATORS.get(operator);
    return compare !== undefined && Object.entries(keys).every(([key, wanted]) => holds(compare, context[key], wanted));
  });

const holds = (compare: Compare, actual: string | undefined, wanted: string | readonly string[]): boolean =>
  actual !== undefined && compare(actual, typeof wanted === 'string' ? [wanted] : wanted);

/** Name of a function as a principal; its credentials are stored under it. */
export const principalOf = (fn: Pick<AssemblyFunction, 'name'>): string => `function/${fn.name}`;

/** The statements of a function with the ARNs that its resources have on this machine. */
export const policyOf = (
  fn: Pick<AssemblyFunction, 'statements'>,
  arns: Readonly<Record<ResourceName, readonly string[]>>,
): readonly PolicyStatement[] =>
  fn.statements.map((statement) => ({
    actions: statement.actions,
    resources: arns[statement.resource],
    ...(statement.condition === undefined ? {} : { condition: statement.condition }),
  }));
