/**
 * CloudFront Function, viewer response: a stored file may say with which status it is to be answered. A badge of the older
 * generation is withdrawn by answering 410, which a bucket cannot. The edge of a single machine runs this same file.
 *
 * JavaScript runtime 2.0, see negotiate.js. CloudFront calls it only for answers below 400, which is what a file in the bucket is.
 */

/** Metadata of the object, as S3 shows it. */
const STATUS = 'x-amz-meta-status';

/** Nothing else is taken from a file: who can write one must not be able to make a page say that it is another. */
const ALLOWED = ['404', '410'];

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const response = event.response;
  const status = response.headers[STATUS];
  if (status !== undefined) {
    if (ALLOWED.indexOf(status.value) >= 0) response.statusCode = Number(status.value);
    delete response.headers[STATUS];
  }
  return response;
}
