/** One KMS client for a function: keep-alive, and retries that slow down when KMS throttles. */
import { KMSClient } from '@aws-sdk/client-kms';

let client: KMSClient | undefined;

export const kms = (): KMSClient => {
  client ??= new KMSClient({ retryMode: 'adaptive', maxAttempts: 5 });
  return client;
};
