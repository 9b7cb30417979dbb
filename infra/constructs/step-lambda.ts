/** One function of the path: its bundle, its own role with what its row grants and nothing more, its own log. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AssemblyFunction } from '../../functions/assembly.ts';
import type { EnvironmentName, ResourceName, Statement } from '../../functions/grants.ts';
import type { Deployment } from '../deployment.ts';
import { acceptWildcard } from './accept.ts';

/** The ARNs and values of this deployment, for the names that grants.ts uses. */
export interface Resources {
  readonly arns: Readonly<Record<ResourceName, string>>;
  readonly environment: Readonly<Record<EnvironmentName, string>>;
}

export interface StepLambdaProps {
  readonly deployment: Deployment;
  readonly step: AssemblyFunction;
  readonly resources: Resources;
  readonly code: lambda.Code;
  /** What the trigger needs of the role: the mapping of a queue reads it with the function's own rights. */
  readonly trigger?: readonly iam.PolicyStatement[];
}

export interface StepLambda {
  readonly function: lambda.Function;
  readonly logGroup: logs.LogGroup;
}

const LOG_RETENTION = { dev: logs.RetentionDays.TWO_WEEKS, prod: logs.RetentionDays.THREE_MONTHS } as const;

/** Resources that cannot be named more closely, and why that is as close as it gets. */
const WILDCARDS: Readonly<Partial<Record<ResourceName, string>>> = {
  'table-indexes': 'The step queries the indexes of its one table; an index has no ARN outside it.',
  'evidence-objects': 'Object keys are made at run time; the grant ends at the one evidence bucket.',
  'hosted-objects': 'Addresses of public files are made at run time; the grant ends at the one hosted bucket.',
  'any-key': 'Issuer keys are created at run time; the condition admits only keys tagged for signing badges.',
  any: 'The action takes no resource (kms:CreateKey, dynamodb:ListStreams); where it could harm, a condition on the tag bounds it.',
  schedules: 'Timers are named at run time; the grant ends at the one schedule group.',
};

const XRAY_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

export const stepLambda = (parent: Construct, props: StepLambdaProps): StepLambda => {
  const { deployment, step, resources, code } = props;
  const scope = new Construct(parent, step.name);
  const logGroup = new logs.LogGroup(scope, 'Log', {
    logGroupName: `/assay/${deployment.stage}/${step.name}`,
    retention: LOG_RETENTION[deployment.stage],
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const handler = new lambda.Function(scope, 'Function', {
    functionName: `assay-${deployment.stage}-${step.name}`,
    description: descriptionOf(step),
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code,
    memorySize: step.memoryMb,
    timeout: Duration.seconds(step.timeoutSeconds),
    // CDK may add nothing to the role: what stands in the path is all there is.
    role: stepRole(scope, { ...props, logGroup }).withoutPolicyUpdates(),
    logGroup,
    tracing: deployment.tracing ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
    environment: {
      ...Object.fromEntries(step.environment.map((name) => [name, resources.environment[name]])),
      NODE_OPTIONS: '--enable-source-maps',
      POWERTOOLS_SERVICE_NAME: step.name,
    },
  });
  return { function: handler, logGroup };
};

const descriptionOf = ({ trigger }: AssemblyFunction): string =>
  trigger.kind === 'http' ? `Assay: ${trigger.steps.length} routes` : `Assay: ${trigger.step.file}`;

const stepRole = (scope: Construct, props: StepLambdaProps & { readonly logGroup: logs.LogGroup }): iam.Role => {
  const { step, resources, deployment } = props;
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      runtime: document([
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], props.logGroup.logGroupArn),
        ...(deployment.tracing ? [allow(XRAY_ACTIONS, '*')] : []),
        ...(props.trigger ?? []),
      ]),
      ...(step.statements.length > 0 && { path: document(step.statements.map((statement) => granted(statement, resources))) }),
    },
  });
  if (deployment.tracing) acceptWildcard(role, '*', 'X-Ray takes traces without naming a resource; a trace can be written, not read.');
  for (const name of new Set(step.statements.map(({ resource }) => resource))) {
    const reason = WILDCARDS[name];
    if (reason !== undefined) acceptWildcard(role, resources.arns[name], reason);
  }
  return role;
};

const document = (statements: iam.PolicyStatement[]): iam.PolicyDocument => new iam.PolicyDocument({ statements });

const allow = (actions: string[], resource: string): iam.PolicyStatement => new iam.PolicyStatement({ actions, resources: [resource] });

const granted = ({ actions, resource, condition }: Statement, { arns }: Resources): iam.PolicyStatement =>
  new iam.PolicyStatement({ actions: [...actions], resources: [arns[resource]], ...(condition && { conditions: condition }) });
