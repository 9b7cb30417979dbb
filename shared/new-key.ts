/** A new key of an issuer, made by KMS and named after its public half. A key made in vain signs nothing and is not published. */
import type { TenantId } from '#domain/ids.ts';
import type { KeyAlgorithm } from '#domain/issuer.ts';
import type { NewKey } from '#domain/key-rotation.ts';
import { keyIdOf } from '#openbadges/issuer-identity.ts';
import type { IssuerKeys } from './ports.ts';

export const newKey = async (keys: IssuerKeys, tenant: TenantId, algorithm: KeyAlgorithm): Promise<NewKey> => {
  const { arn } = await keys.create(tenant, algorithm);
  const spki = await keys.publicKey(arn);
  return { id: keyIdOf(algorithm, spki), arn, algorithm, publicKey: Buffer.from(spki).toString('base64') };
};
