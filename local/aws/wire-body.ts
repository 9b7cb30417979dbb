/** The body of a request: read whole for the JSON services, passed through and checked for S3. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { AwsError } from './service.ts';

/** A JSON call may be this long; the largest documented one, a DynamoDB batch, stays below it here. */
export const JSON_BODY_BYTES_MAX = 10 * 1024 * 1024;

/**
 * The rest of a body that is too long is read and thrown away: a connection that is cut while the client still
 * writes would cost it the answer.
 * @throws AwsError RequestEntityTooLargeException
 */
export const readBody = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= JSON_BODY_BYTES_MAX) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(cutOff()));
  });

const tooLarge = (): AwsError =>
  new AwsError('RequestEntityTooLargeException', `The request is longer than ${JSON_BODY_BYTES_MAX} bytes.`, { status: 413 });

const cutOff = (): Error => new AwsError('RequestTimeout', 'The client closed the connection before the body was complete.');

const HEX_SHA256 = /^[0-9a-f]{64}$/;

/**
 * The body as S3 reads it. It fails instead of ending, if it is not what the signature declared it to be or was cut off,
 * so a store that commits at the end commits nothing. A stream of its own, since destroying the request itself, as a
 * reader does which stops early, would cut the connection and lose the answer.
 */
export const declaredBody = (request: IncomingMessage, payloadHash: string): Readable => {
  const hash = HEX_SHA256.test(payloadHash) ? createHash('sha256') : undefined;
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash?.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(hash === undefined || hash.digest('hex') === payloadHash ? null : hashMismatch());
    },
  });
  // Whoever reads sees the error too; this only keeps one that nobody reads from ending the process.
  body.on('error', () => {});
  request.once('error', (error) => body.destroy(error));
  request.once('close', () => {
    if (!request.complete) body.destroy(cutOff());
  });
  return request.pipe(body);
};

const hashMismatch = (): AwsError =>
  new AwsError('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.");
