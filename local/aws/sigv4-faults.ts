/** What can be wrong with a signature, in the words of the service that was called: S3 speaks other codes than the JSON services. */
import { AwsError } from './service.ts';

/** `json`: AWS JSON 1.0/1.1; `rest`: REST-JSON (Scheduler); `s3`: REST-XML. */
export type Dialect = 'json' | 'rest' | 's3';

export type SignatureFault =
  | 'unsigned'
  | 'malformed-header'
  | 'malformed-query'
  | 'two-mechanisms'
  | 'unknown-key'
  | 'foreign-token'
  | 'payload-hash-missing'
  | 'payload-signing-unsupported'
  | 'headers-not-signed'
  | 'skewed'
  | 'not-yet-valid'
  | 'expired'
  | 'mismatch';

interface Wording {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

const s3 = (code: string, status: number, message: string): Wording => ({ code, status, message });

const S3_WORDING: Readonly<Record<SignatureFault, Wording>> = {
  unsigned: s3('AccessDenied', 403, 'Access Denied'),
  'malformed-header': s3('AuthorizationHeaderMalformed', 400, 'The authorization header that you provided is not valid.'),
  'malformed-query': s3('AuthorizationQueryParametersError', 400, 'The authorization query parameters that you provided are not valid.'),
  'two-mechanisms': s3('InvalidArgument', 400, 'Only one auth mechanism allowed; use the Authorization header or the query parameters.'),
  'unknown-key': s3('InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'),
  'foreign-token': s3('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'),
  'payload-hash-missing': s3('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256'),
  'payload-signing-unsupported': s3('NotImplemented', 501, 'Chunk signatures are not implemented; sign the payload as a whole.'),
  'headers-not-signed': s3('AccessDenied', 403, 'There were headers present in the request which were not signed'),
  skewed: s3('RequestTimeTooSkewed', 403, "The difference between the request time and the server's time is too large."),
  'not-yet-valid': s3('AccessDenied', 403, 'Request is not valid yet'),
  expired: s3('AccessDenied', 403, 'Request has expired'),
  mismatch: s3(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ),
};

const INVALID = 'InvalidSignatureException';

const JSON_WORDING: Readonly<Record<SignatureFault, Omit<Wording, 'status'>>> = {
  unsigned: { code: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
  'malformed-header': { code: 'IncompleteSignatureException', message: 'The authorization header is incomplete or malformed.' },
  'malformed-query': { code: 'IncompleteSignatureException', message: 'The authorization query parameters are incomplete or malformed.' },
  'two-mechanisms': { code: 'IncompleteSignatureException', message: 'Only one auth mechanism allowed.' },
  'unknown-key': { code: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.' },
  'foreign-token': { code: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.' },
  'payload-hash-missing': { code: INVALID, message: 'The hash of the payload is missing.' },
  'payload-signing-unsupported': { code: INVALID, message: 'Chunk signatures are not supported by this service.' },
  'headers-not-signed': { code: INVALID, message: 'There were headers present in the request which were not signed.' },
  skewed: { code: INVALID, message: 'Signature expired or not yet current: the time of the request is too far from that of the server.' },
  'not-yet-valid': { code: INVALID, message: 'Signature not yet current.' },
  expired: { code: INVALID, message: 'Signature expired.' },
  mismatch: {
    code: INVALID,
    message:
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  },
};

export interface FaultDetail {
  readonly message?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

// JSON 1.0/1.1 services answer 400 where REST services answer 403; the SDK goes by the code.
const STATUS_OF_REST = 403;
const STATUS_OF_JSON = 400;

export const signatureFault = (dialect: Dialect, fault: SignatureFault, detail: FaultDetail = {}): AwsError => {
  const wording =
    dialect === 's3' ? S3_WORDING[fault] : { ...JSON_WORDING[fault], status: dialect === 'rest' ? STATUS_OF_REST : STATUS_OF_JSON };
  return new AwsError(wording.code, detail.message ?? wording.message, {
    status: wording.status,
    ...(detail.extra === undefined ? {} : { extra: detail.extra }),
  });
};
