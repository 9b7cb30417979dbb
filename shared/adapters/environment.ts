/** Every environment variable that a function may be given: its meaning, and the only place that reads it. */
import * as z from 'zod';

const VARIABLES = {
  /** The single table. */
  TABLE_NAME: z.string().min(3),
  /** Bucket of learners' files; private, versioned. */
  EVIDENCE_BUCKET: z.string().min(3),
  /** Bucket of the public files behind the edge. */
  HOSTED_BUCKET: z.string().min(3),
  BUS_NAME: z.string().min(1),
  BUS_ARN: z.string().startsWith('arn:'),
  /** Symmetric KMS key that seals the secrets of webhook connections. */
  SECRETS_KEY_ARN: z.string().startsWith('arn:'),
  SCHEDULE_GROUP: z.string().min(1),
  /** Role that the Scheduler takes on to put an event on the bus. */
  SCHEDULE_ROLE_ARN: z.string().startsWith('arn:'),
  /** Origin of every public address: `https://badges.example.org`. A path, a query or a trailing slash would end up in the middle of one. */
  PUBLIC_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => URL.parse(url)?.origin === url, 'must be an origin: scheme, host and port'),
  /** How long a copy of an issuer's identity may be relied on, in seconds; a new key is announced that long before it signs. */
  IDENTITY_SECONDS: z.coerce.number().int().min(0).max(86_400),
  /** `guardduty`: evidence waits for a scan result; `none`: the deployment runs no scan. */
  MALWARE_SCAN: z.enum(['guardduty', 'none']),
  /** `allowed` only on one machine, which serves its badges on loopback: a verifier may ask loopback addresses, and those over plain http. */
  LOOPBACK_DOCUMENTS: z.enum(['refused', 'allowed']),
} as const;

type Variables = { readonly [Name in keyof typeof VARIABLES]: z.infer<(typeof VARIABLES)[Name]> };

/** @throws Error naming the variable if it is absent or not what it should be: a function without it must not start. */
export const environment = <Name extends keyof Variables>(name: Name): Variables[Name] => {
  const parsed = VARIABLES[name].safeParse(process.env[name]);
  if (!parsed.success) throw new Error(`environment variable ${name}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
  return parsed.data as Variables[Name];
};
