/**
 * What the public reaches: static files of the hosted bucket, and the API under `/v1/`, behind one address. Verifying a
 * badge touches the edge and the bucket only, so it outlives an outage of everything else.
 */
import { Duration } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { HOSTED_NONCURRENT_DAYS, INCOMPLETE_UPLOAD_DAYS } from '../../functions/buckets.ts';
import type { Deployment } from '../deployment.ts';
import { accept } from './accept.ts';
import { privateBucket } from './private-bucket.ts';
import { apiHeaders, fileHeaders } from './response-headers.ts';

export interface Hosting {
  readonly bucket: s3.IBucket;
  /** Origin of every public address, without a slash at its end. */
  readonly baseUrl: string;
  readonly distribution: cloudfront.Distribution;
}

/** What the edge runs itself. */
export interface EdgeFunctions {
  /** Viewer request: one address, the file that the `Accept` header asks for. */
  readonly negotiate: cloudfront.FunctionCode;
  /** Viewer response: the status that a file asks to be answered with. */
  readonly answer: cloudfront.FunctionCode;
}

interface HostingProps {
  readonly deployment: Deployment;
  readonly accessLogs: s3.IBucket;
  /** Host of the HTTP API. */
  readonly apiDomain: string;
  readonly edge: EdgeFunctions;
}

/** The page that stands for every address where there is nothing. */
const NOT_FOUND_PAGE = '/404.html';

export const hosting = (parent: Construct, props: HostingProps): Hosting => {
  const scope = new Construct(parent, 'Hosting');
  const bucket = hostedBucket(scope, props.accessLogs);
  const files = { origin: withNotFoundPage(bucket, notFoundSite(scope, { ...props, bucket })), ...fileBehavior(scope, props.edge) };
  const { site } = props.deployment;
  const distribution = new cloudfront.Distribution(scope, 'Site', {
    ...edgeOf(props, 'site/'),
    comment: `Assay ${props.deployment.stage}: public files and API`,
    defaultBehavior: files,
    additionalBehaviors: { '/v1/*': apiBehavior(scope, props.apiDomain) },
    ...(site && addressOf(scope, site)),
    // CloudFront keeps errors for 10 s even where nothing is cached, by address alone: one person's 403 would be another's.
    errorResponses: [400, 403, 404, 405, 414, 500, 501, 502, 503, 504].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
  });
  acceptEdge(distribution, props.deployment);
  return { bucket, distribution, baseUrl: `https://${site?.domainName ?? distribution.distributionDomainName}` };
};

const hostedBucket = (scope: Construct, accessLogs: s3.IBucket): s3.IBucket =>
  privateBucket(scope, 'Hosted', {
    versioned: true,
    serverAccessLogsBucket: accessLogs,
    serverAccessLogsPrefix: 'hosted/',
    lifecycleRules: [
      {
        id: 'drop-what-was-replaced',
        abortIncompleteMultipartUploadAfter: Duration.days(INCOMPLETE_UPLOAD_DAYS),
        noncurrentVersionExpiration: Duration.days(HOSTED_NONCURRENT_DAYS),
      },
    ],
  });

/**
 * Error pages of a distribution hold for all its paths: set on the site, they would put a page in place of the API's own
 * 403 and 404. So a second distribution over the same public files has the error page, and the site asks it for what is missing.
 */
const notFoundSite = (scope: Construct, props: HostingProps & { readonly bucket: s3.IBucket }): cloudfront.Distribution => {
  const distribution = new cloudfront.Distribution(scope, 'NotFoundSite', {
    ...edgeOf(props, 'not-found/'),
    comment: `Assay ${props.deployment.stage}: the answer where there is no file`,
    defaultBehavior: {
      origin: origins.S3BucketOrigin.withOriginAccessControl(props.bucket),
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
    },
    // A bucket that may not be listed answers 403 for an object that is not there.
    errorResponses: [403, 404].map((httpStatus) => ({
      httpStatus,
      responseHttpStatus: 404,
      responsePagePath: NOT_FOUND_PAGE,
      ttl: Duration.seconds(0),
    })),
  });
  acceptEdge(distribution, { ...props.deployment, site: undefined });
  return distribution;
};

const withNotFoundPage = (bucket: s3.IBucket, notFound: cloudfront.Distribution): cloudfront.IOrigin =>
  new origins.OriginGroup({
    primaryOrigin: origins.S3BucketOrigin.withOriginAccessControl(bucket),
    fallbackOrigin: new origins.HttpOrigin(notFound.distributionDomainName, {
      protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
    }),
    fallbackStatusCodes: [403, 404],
  });

const edgeOf = ({ deployment, accessLogs }: HostingProps, logFilePrefix: string) => ({
  httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
  enableLogging: true,
  logBucket: accessLogs,
  logFilePrefix: `cloudfront/${logFilePrefix}`,
  ...(deployment.webAclArn !== undefined && { webAclId: deployment.webAclArn }),
});

const addressOf = (scope: Construct, { domainName, certificateArn }: NonNullable<Deployment['site']>) => ({
  domainNames: [domainName],
  certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
  minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
});

const fileBehavior = (scope: Construct, { negotiate, answer }: EdgeFunctions) => ({
  viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD,
  compress: true,
  // The function puts the wanted form into the path, so the path alone is the key; how long a file lives, the file says.
  cachePolicy: new cloudfront.CachePolicy(scope, 'FileCache', {
    comment: 'Keyed by path; lives as long as the object says, a minute if it says nothing',
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(60),
    maxTtl: Duration.days(365),
    enableAcceptEncodingGzip: true,
    enableAcceptEncodingBrotli: true,
  }),
  responseHeadersPolicy: fileHeaders(scope),
  functionAssociations: [
    {
      eventType: cloudfront.FunctionEventType.VIEWER_REQUEST,
      function: new cloudfront.Function(scope, 'Negotiate', { code: negotiate, runtime: cloudfront.FunctionRuntime.JS_2_0 }),
    },
    {
      eventType: cloudfront.FunctionEventType.VIEWER_RESPONSE,
      function: new cloudfront.Function(scope, 'Answer', { code: answer, runtime: cloudfront.FunctionRuntime.JS_2_0 }),
    },
  ],
});

const apiBehavior = (scope: Construct, apiDomain: string): cloudfront.BehaviorOptions => ({
  origin: new origins.HttpOrigin(apiDomain, { protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY }),
  viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
  allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
  cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
  // API Gateway answers only to its own host name.
  originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  responseHeadersPolicy: apiHeaders(scope),
});

const acceptEdge = (distribution: cloudfront.Distribution, { site, webAclArn }: Deployment): void => {
  accept(distribution, 'CFR1', 'An employer anywhere may check a badge, so no country is shut out.');
  if (webAclArn === undefined)
    accept(
      distribution,
      'CFR2',
      'A web ACL is the choice of the deployment (context webAclArn): it is billed by the month and made in us-east-1.',
    );
  if (site === undefined)
    accept(distribution, 'CFR4', 'Without a domain of its own it has the certificate of cloudfront.net, whose oldest protocol AWS sets.');
};
