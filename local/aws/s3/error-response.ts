/** Errors as S3 tells them: XML with a code, some facts and the request's id; nothing but the status in answer to HEAD. */
import { AwsError, type WireResponse } from '../service.ts';
import { element, escapeText } from './xml.ts';

export interface ErrorPlace {
  readonly method: string;
  readonly path: string;
  readonly requestId: string;
}

export const errorResponse = (error: AwsError, place: ErrorPlace, headers: Readonly<Record<string, string>> = {}): WireResponse => {
  // JSON services say AccessDeniedException; the SDK's S3 client knows AccessDenied.
  const code = error.code === 'AccessDeniedException' ? 'AccessDenied' : error.code;
  const facts = Object.entries(error.extra).map(([name, value]) => element(name, String(value)));
  const identity = [element('Resource', place.path), element('RequestId', place.requestId), element('HostId', place.requestId)];
  const content = [element('Code', code), element('Message', error.message), ...facts, ...identity];
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content.join('')}</Error>`;
  if (place.method === 'HEAD') return { status: error.status, headers };
  return { status: error.status, headers: { ...headers, 'content-type': 'application/xml' }, body };
};

/** The same without a request around it, for a key inside a DeleteObjects. */
export const errorElement = (error: AwsError, of: { readonly key: string; readonly versionId: string | undefined }): string => {
  const code = error.code === 'AccessDeniedException' ? 'AccessDenied' : error.code;
  const version = of.versionId === undefined ? '' : `<VersionId>${escapeText(of.versionId)}</VersionId>`;
  return `<Error><Key>${escapeText(of.key)}</Key>${version}${element('Code', code)}${element('Message', error.message)}</Error>`;
};

export const noSuchBucket = (bucket: string): AwsError =>
  new AwsError('NoSuchBucket', 'The specified bucket does not exist', { status: 404, extra: { BucketName: bucket } });

export const noSuchKey = (key: string): AwsError =>
  new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404, extra: { Key: key } });

export const noSuchVersion = (key: string, versionId: string): AwsError =>
  new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404, extra: { Key: key, VersionId: versionId } });

export const noSuchUpload = (uploadId: string): AwsError =>
  new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { status: 404, extra: { UploadId: uploadId } },
  );

export const preconditionFailed = (condition: string): AwsError =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    status: 412,
    extra: { Condition: condition },
  });

export const invalidArgument = (message: string, name: string, value: string): AwsError =>
  new AwsError('InvalidArgument', message, { extra: { ArgumentName: name, ArgumentValue: value } });

export const invalidRequest = (message: string): AwsError => new AwsError('InvalidRequest', message);

export const notImplemented = (header: string): AwsError =>
  new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    status: 501,
    extra: { Header: header },
  });
