/** One deployment, synthesised as the CDK does it but without bundles, and the means to read its templates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FunctionCode } from 'aws-cdk-lib/aws-cloudfront';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import * as z from 'zod';
import { assayStacks } from '../../infra/assay-app.ts';
import { deploymentOf } from '../../infra/deployment.ts';

// CDK's own check of the templates against CloudFormation's schemas takes seconds; assay-app.test.ts makes it once, for all.
process.env.CDK_VALIDATION ??= 'false';

const edgeFunction = (name: string) => FunctionCode.fromFile({ filePath: join(import.meta.dirname, '../../infra/constructs', name) });

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

export const unsynthesised = (context: Readonly<Record<string, string>> = {}) => {
  const flags = CdkJson.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'))).context;
  const app = new App({ context: flags });
  const stacks = assayStacks(
    app,
    deploymentOf((name) => context[name]),
    {
      codeOf: (name) => Code.fromInline(`// ${name}`),
      edge: { negotiate: edgeFunction('negotiate.js'), answer: edgeFunction('answer.js') },
    },
  );
  return { app, ...stacks };
};

export const synthesised = (context: Readonly<Record<string, string>> = {}) => {
  const { app, storage, path } = unsynthesised(context);
  return { app, stacks: { storage, path }, storage: Template.fromStack(storage), path: Template.fromStack(path) };
};

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});

export interface Found {
  readonly id: string;
  readonly type: string;
  /** References are spelled out as text: `<Queue.Arn>`, `assay-dev-table-arn/index/*`. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly retained: boolean;
}

/** Resources of a type, or all of them. */
export const resources = (template: Template, type?: string): readonly Found[] =>
  Object.entries(z.object({ Resources: z.record(z.string(), Resource) }).parse(template.toJSON()).Resources)
    .filter(([, { Type }]) => type === undefined || Type === type)
    .map(([id, { Type, Properties, DeletionPolicy, UpdateReplacePolicy }]) => ({
      id,
      type: Type,
      properties: z.record(z.string(), z.unknown()).parse(spelled(Properties)),
      retained: /^Retain/.test(DeletionPolicy ?? '') && UpdateReplacePolicy === 'Retain',
    }));

const isReference = (value: object): boolean => {
  const [key = '', ...more] = Object.keys(value);
  return more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
};

const spelled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value;
  if (isReference(value)) return flattenCfnReference(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, spelled(member)]));
};

const RawStatement = z.object({
  Effect: z.string(),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.union([z.string(), z.array(z.string())]),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  Principal: z.unknown().optional(),
});

const asList = (value: string | string[]): string[] => (typeof value === 'string' ? [value] : value);

/** A policy's statements, with actions and resources always as lists. */
export const statementsOf = (document: unknown) =>
  z
    .object({ Statement: z.array(RawStatement) })
    .parse(document)
    .Statement.map(({ Effect, Action, Resource, Condition, Principal }) => ({
      effect: Effect,
      actions: asList(Action),
      resources: asList(Resource),
      condition: Condition,
      principal: Principal,
    }));

/** What a role may do, from its policies within; there are no others. */
export const roleStatements = (role: Found) =>
  z
    .array(z.object({ PolicyDocument: z.unknown() }))
    .parse(role.properties.Policies)
    .flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));

/** The part of an ARN reference that names the resource: `<Queue.Arn>` → `Queue`. */
export const referred = (reference: unknown): string =>
  z
    .string()
    .parse(reference)
    .replace(/^<|(\.\w+)?>$/g, '');
