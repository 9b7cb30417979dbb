/** Rotates an issuer's key: the successor is published now and signs when no copy of the older key set can be left. */
import * as z from 'zod';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { kmsIssuerKeys } from '#adapters/kms/issuer-keys.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { Instant, TenantId } from '#domain/ids.ts';
import { activeKey, type Issuer, JWT_ALGORITHMS, KEY_USES } from '#domain/issuer.ts';
import { activated, announced, pendingKey } from '#domain/key-rotation.ts';
import { type HttpRequest, http } from '#lambda/http.ts';
import { newKey } from '#shared/new-key.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, IssuerKeys, Issuers } from '#shared/ports.ts';

interface Needs {
  readonly issuers: Issuers;
  readonly keys: IssuerKeys;
  readonly clock: Clock;
  readonly identitySeconds: number;
}

const Params = z.object({ issuerId: TenantId });
/** A key for VC-JWTs may be of another algorithm than the one that it follows; proofs are EdDSA. */
const Body = z.discriminatedUnion('use', [
  z.strictObject({ use: z.literal(KEY_USES[0]) }),
  z.strictObject({ use: z.literal(KEY_USES[1]), algorithm: z.enum(JWT_ALGORITHMS).exactOptional() }),
]);
type Request = HttpRequest<z.infer<typeof Params>, z.infer<typeof Body>>;

const later = (now: Instant, seconds: number): Instant => Instant.parse(new Date(Date.parse(now) + seconds * 1000).toISOString());

const withSuccessor = async (issuer: Issuer, body: Request['body'], { keys, clock, identitySeconds }: Needs): Promise<Issuer> => {
  const { algorithm } = activeKey(issuer, body.use);
  const wanted = body.use === 'jwt' ? (body.algorithm ?? algorithm) : 'EdDSA';
  return announced(issuer, await newKey(keys, issuer.id, wanted), later(clock(), identitySeconds));
};

/** Asked again before the successor signs, the answer names that one: a repeated request makes no second key. */
export const rotateKey =
  (needs: Needs) =>
  async ({ params: { issuerId }, body, cause }: Request) =>
    untilSaved(async () => {
      const before = await needs.issuers.load(issuerId);
      if (before === undefined) throw new DomainError('access/not-found');
      const issuer = activated(before.value, needs.clock());
      const announcedBefore = pendingKey(issuer, body.use);
      const after = announcedBefore === undefined ? await withSuccessor(issuer, body, needs) : issuer;
      const key = announcedBefore ?? pendingKey(after, body.use);
      if (after !== before.value)
        await needs.issuers.save({ before, after, events: [{ type: 'issuer.keys_changed', data: { issuerId } }], cause });
      return { status: 202, body: { issuerId, use: body.use, keyId: key?.id, algorithm: key?.algorithm, signsFrom: key?.signsFrom } };
    });

export const handler = http({ params: Params, body: Body }, () =>
  rotateKey({
    issuers: dynamodbIssuers({ clock: systemClock, newId: randomId }),
    keys: kmsIssuerKeys(),
    clock: systemClock,
    identitySeconds: environment('IDENTITY_SECONDS'),
  }),
);
