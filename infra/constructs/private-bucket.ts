/** What holds for every bucket: nobody gets in but by a policy of ours, over TLS 1.2 at least, and the bytes are encrypted at rest. */
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export const privateBucket = (scope: Construct, id: string, props: s3.BucketProps): s3.IBucket => {
  const bucket: unknown = new s3.Bucket(scope, id, {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    // Not KMS: each presigned PUT would need the key, and GuardDuty as well; the bytes are encrypted either way.
    encryption: s3.BucketEncryption.S3_MANAGED,
    ...props,
  });
  if (isBucket(bucket)) return bucket;
  throw new Error('CDK made something else than a bucket.');
};

/** CDK is not compiled with exactOptionalPropertyTypes, so that its own Bucket is no IBucket to a compiler that is. */
const isBucket = (made: unknown): made is s3.IBucket => made instanceof s3.Bucket;
