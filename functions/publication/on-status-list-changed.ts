/** Publishes a status list: rebuilt whole from the table and signed, never toggled, so that no lost or repeated event can leave a wrong bit. */
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { dynamodbStatusLists } from '#adapters/dynamodb/status-lists.ts';
import { environment } from '#adapters/environment.ts';
import { kmsSign } from '#adapters/kms/issuer-keys.ts';
import { s3HostedFiles } from '#adapters/s3/hosted-files.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import type { TenantId } from '#domain/ids.ts';
import { activeKey, type Issuer } from '#domain/issuer.ts';
import { activated } from '#domain/key-rotation.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { createCanonicalizer } from '#linked-data/canonicalize.ts';
import { hostedKey, issuerDid, statusListPath } from '#openbadges/addresses.ts';
import { bitstring, statusListCredential } from '#openbadges/bitstring-status-list.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { addProof } from '#openbadges/data-integrity-proof.ts';
import { verificationMethodId } from '#openbadges/did-web.ts';
import { STATUS_PURPOSE } from '#openbadges/status-purpose.ts';
import { jsonFile, STATUS_LIST_SECONDS } from '#shared/hosted-file.ts';
import type { Clock, HostedFiles, Issuers, Sign, StatusLists } from '#shared/ports.ts';

interface Needs {
  readonly issuers: Issuers;
  readonly statusLists: StatusLists;
  readonly hosted: HostedFiles;
  readonly sign: Sign;
  readonly clock: Clock;
  readonly publicBaseUrl: string;
}

const FIRST_LIST = 1;

const canonize = createCanonicalizer({ contexts: CONTEXTS });

const signedList = async (needs: Needs, issuer: Issuer, { path, raised }: { path: string; raised: readonly number[] }): Promise<object> => {
  const did = issuerDid(needs.publicBaseUrl, issuer.id);
  const created = needs.clock();
  const key = activeKey(activated(issuer, created), 'data-integrity');
  const list = statusListCredential({
    id: `${needs.publicBaseUrl}${path}`,
    issuer: did,
    purpose: STATUS_PURPOSE,
    bytes: bitstring(raised),
    validFrom: created,
    ttlMs: STATUS_LIST_SECONDS * 1000,
  });
  return addProof(list, {
    canonize,
    signer: (bytes) => needs.sign(key.arn, bytes),
    verificationMethod: verificationMethodId(did, key.id),
    created,
  });
};

type Dirtied = EventOf<'issuer.registered' | 'issuer.keys_changed' | 'status_list.dirtied' | 'credential.status_changed'>;

/** What is published is read before the table: whoever writes in between makes the swap fail, and the list is built again. */
const publish = async (needs: Needs, tenant: TenantId, list: number): Promise<void> => {
  const path = statusListPath(tenant, list);
  const key = hostedKey(path, '.json');
  for (;;) {
    const seen = await needs.hosted.etag(key);
    const issuer = await needs.issuers.load(tenant);
    if (issuer === undefined) throw new Error(`issuer ${tenant} is gone`);
    const document = await signedList(needs, issuer.value, { path, raised: await needs.statusLists.raised(tenant, list) });
    if (await needs.hosted.swap(jsonFile(key, document, { contentType: 'application/vc+ld+json', seconds: STATUS_LIST_SECONDS }), seen))
      return;
  }
};

/** One list that an event names, or every list of an issuer whose keys changed: under a revoked key none would be believed. */
export const onStatusListChanged =
  (needs: Needs) =>
  async ({ data, meta: { tenant } }: Dirtied) => {
    if ('statusList' in data) return publish(needs, tenant, data.statusList);
    const last = await needs.statusLists.current(tenant);
    for (let list = FIRST_LIST; list <= last; list += 1) await publish(needs, tenant, list);
  };

export const handler = onEvent(
  'on-status-list-changed',
  ['issuer.registered', 'issuer.keys_changed', 'status_list.dirtied', 'credential.status_changed'],
  () =>
    onStatusListChanged({
      issuers: dynamodbIssuers({ clock: systemClock, newId: randomId }),
      statusLists: dynamodbStatusLists(),
      hosted: s3HostedFiles(),
      sign: kmsSign,
      clock: systemClock,
      publicBaseUrl: environment('PUBLIC_BASE_URL'),
    }),
);
