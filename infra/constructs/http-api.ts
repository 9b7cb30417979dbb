/** The routes of the path on the API, each with its authorizer: a token wherever roles are named, none where the route carries its own proof. */
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { HttpStep } from '../../functions/path.ts';
import type { Deployment } from '../deployment.ts';
import { accept } from './accept.ts';
import type { Identity } from './identity.ts';

/** Requests that the whole API takes; a flood is turned away (429) before it costs a function. A route's share is limited where its row says so. */
const THROTTLE = { ratePerSecond: 200, burst: 400 } as const;

const ACCESS_LOG = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
} as const;

interface HttpApiProps {
  readonly deployment: Deployment;
  readonly apiId: string;
  readonly identity: Identity;
}

export interface HttpApi {
  /** Serves steps by a function. */
  readonly serve: (steps: readonly HttpStep[], target: lambda.Function) => void;
}

export const httpApi = (parent: Construct, props: HttpApiProps): HttpApi => {
  const scope = new Construct(parent, 'Routes');
  const { apiId } = props;
  const served = stage(scope, props);
  const authorizer = new apigateway.CfnAuthorizer(scope, 'Token', {
    apiId,
    name: 'token',
    authorizerType: 'JWT',
    identitySource: ['$request.header.Authorization'],
    jwtConfiguration: { issuer: props.identity.issuer, audience: [props.identity.audience] },
  });
  return {
    serve: (steps, target) => {
      const integration = lambdaIntegration(target, apiId);
      for (const step of steps) throttle(served, step, route(scope, { step, apiId, integration, authorizer }));
    },
  };
};

const lambdaIntegration = (target: lambda.Function, apiId: string): apigateway.CfnIntegration => {
  const invoke = Stack.of(target).formatArn({ service: 'execute-api', resource: apiId, resourceName: '*/*/v1/*' });
  target.addPermission('FromApi', { principal: new iam.ServicePrincipal('apigateway.amazonaws.com'), sourceArn: invoke });
  return new apigateway.CfnIntegration(target, 'Integration', {
    apiId,
    integrationType: 'AWS_PROXY',
    integrationUri: target.functionArn,
    payloadFormatVersion: '2.0',
  });
};

interface RouteProps {
  readonly step: HttpStep;
  readonly apiId: string;
  readonly integration: apigateway.CfnIntegration;
  readonly authorizer: apigateway.CfnAuthorizer;
}

const route = (scope: Construct, { step, apiId, integration, authorizer }: RouteProps): apigateway.CfnRoute => {
  const open = step.roles === 'open';
  const resource = new apigateway.CfnRoute(scope, step.http, {
    apiId,
    routeKey: step.http,
    target: `integrations/${integration.ref}`,
    ...(open ? { authorizationType: 'NONE' } : { authorizationType: 'JWT', authorizerId: authorizer.ref }),
  });
  if (open)
    accept(
      resource,
      'APIG4',
      'The route carries its own proof: a signature over the body, or an id that cannot be guessed; or it is for anyone.',
    );
  return resource;
};

/** The stage names the routes that it limits, and cannot be made before them. */
const throttle = (served: apigateway.CfnStage, { http, throttle: limit }: HttpStep, resource: apigateway.CfnRoute): void => {
  if (limit === undefined) return;
  const own = { ThrottlingRateLimit: limit.ratePerSecond, ThrottlingBurstLimit: limit.burst, DetailedMetricsEnabled: true };
  served.routeSettings = { ...served.routeSettings, [http]: own };
  served.addResourceDependency(resource);
};

const stage = (scope: Construct, { deployment, apiId }: HttpApiProps): apigateway.CfnStage => {
  const log = new logs.LogGroup(scope, 'AccessLog', {
    // API Gateway writes a grant for itself on the log; under this prefix AWS keeps one grant for all, which cannot outgrow its limit.
    logGroupName: `/aws/vendedlogs/assay/${deployment.stage}/api-access`,
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return new apigateway.CfnStage(scope, 'Stage', {
    apiId,
    stageName: '$default',
    autoDeploy: true,
    accessLogSettings: { destinationArn: withoutWildcard(log), format: JSON.stringify(ACCESS_LOG) },
    defaultRouteSettings: {
      throttlingRateLimit: THROTTLE.ratePerSecond,
      throttlingBurstLimit: THROTTLE.burst,
      detailedMetricsEnabled: true,
    },
  });
};

/** API Gateway stores the ARN without the `:*` at its end and would report a drift for ever. */
const withoutWildcard = (log: logs.LogGroup): string =>
  Stack.of(log).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: log.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
