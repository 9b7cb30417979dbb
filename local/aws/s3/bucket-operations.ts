/** Operations on a bucket itself: that it exists and how it is configured. */
import { AwsError, REGION, type WireResponse } from '../service.ts';
import type { CorsRule, Versioning } from './bucket-table.ts';
import type { Call } from './call.ts';
import { claimsOf } from './claims.ts';
import { receiveXml } from './payload.ts';
import { childrenOf, childText, element, malformedXml, optional, parseXml, type XmlElement, xmlDocument } from './xml.ts';

/** Amazon S3 User Guide, "General purpose bucket naming rules". @throws AwsError InvalidBucketName */
export const holdBucketName = (name: string): void => {
  const labels = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
  const address = /^\d{1,3}(?:\.\d{1,3}){3}$/;
  if (name.length >= 3 && name.length <= 63 && labels.test(name) && !address.test(name)) return;
  throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', { extra: { BucketName: name } });
};

/** In us-east-1 an owner may create a bucket again: it stays as it is. */
export const createBucket = async ({ stores, request, bucket }: Call): Promise<WireResponse> => {
  await receiveXml(request, claimsOf(request.headers));
  stores.buckets.create(bucket.name, stores.now());
  return { status: 200, headers: { location: `/${bucket.name}` } };
};

export const headBucket = (): WireResponse => ({ status: 200, headers: { 'x-amz-bucket-region': REGION } });

export const getBucketVersioning = ({ bucket }: Call): WireResponse =>
  xmlResponse('VersioningConfiguration', bucket.versioning === 'Never' ? [] : [element('Status', bucket.versioning)]);

export const putBucketVersioning = async ({ stores, request, bucket }: Call): Promise<WireResponse> => {
  const body = parseXml(await receiveXml(request, claimsOf(request.headers)));
  if (body.name !== 'VersioningConfiguration') throw malformedXml();
  stores.buckets.setVersioning(bucket.name, versioningOf(childText(body, 'Status')));
  return { status: 200 };
};

/** Once versioned, a bucket can only be suspended: there is no way back to never. */
const versioningOf = (status: string | undefined): Versioning => {
  if (status === 'Enabled' || status === 'Suspended') return status;
  throw new AwsError('IllegalVersioningConfigurationException', 'The Versioning element must be specified');
};

export const getBucketCors = ({ bucket }: Call): WireResponse => {
  if (bucket.cors.length > 0) return xmlResponse('CORSConfiguration', bucket.cors.map(ruleElement));
  throw new AwsError('NoSuchCORSConfiguration', 'The CORS configuration does not exist', { status: 404 });
};

/** Amazon S3 User Guide, "Elements of a CORS configuration". */
const CORS_RULES_MAX = 100;

export const putBucketCors = async ({ stores, request, bucket }: Call): Promise<WireResponse> => {
  const body = parseXml(await receiveXml(request, claimsOf(request.headers)));
  const rules = childrenOf(body, 'CORSRule').map(ruleOf);
  if (body.name !== 'CORSConfiguration' || rules.length === 0 || rules.length > CORS_RULES_MAX) throw malformedXml();
  stores.buckets.setCors(bucket.name, rules);
  return { status: 200 };
};

const METHODS = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);

const ruleOf = (rule: XmlElement): CorsRule => {
  const texts = (name: string) => childrenOf(rule, name).map(({ text }) => text);
  const origins = texts('AllowedOrigin');
  const methods = texts('AllowedMethod');
  const headers = texts('AllowedHeader');
  const maxAge = childText(rule, 'MaxAgeSeconds');
  if (origins.length === 0 || methods.length === 0) throw malformedXml();
  const odd = methods.find((method) => !METHODS.has(method));
  if (odd !== undefined) throw invalidRule(`Found unsupported HTTP method in CORS config. Unsupported method is ${odd}`);
  const wild = [...origins, ...headers].find((pattern) => pattern.split('*').length > 2);
  if (wild !== undefined) throw invalidRule(`"${wild}" can not have more than one wildcard.`);
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge)) throw malformedXml();
  return {
    origins,
    methods,
    headers,
    exposeHeaders: texts('ExposeHeader'),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: Number(maxAge) }),
  };
};

const invalidRule = (message: string): AwsError => new AwsError('InvalidRequest', message);

const ruleElement = ({ origins, methods, headers, exposeHeaders, maxAgeSeconds }: CorsRule): string =>
  element('CORSRule', [
    ...origins.map((origin) => element('AllowedOrigin', origin)),
    ...methods.map((method) => element('AllowedMethod', method)),
    ...(headers ?? []).map((header) => element('AllowedHeader', header)),
    ...(exposeHeaders ?? []).map((header) => element('ExposeHeader', header)),
    optional('MaxAgeSeconds', maxAgeSeconds),
  ]);

const xmlResponse = (root: string, content: readonly string[]): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument(root, content),
});
