/** Connects an assessment tool: what it may speak for, and the secret that its webhooks are signed with. The secret is shown once. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { dynamodbConnections } from '#adapters/dynamodb/connections.ts';
import { environment } from '#adapters/environment.ts';
import { kmsSecretBox } from '#adapters/kms/secret-box.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { connectionIdOf, ConnectionName, MicroCredentialId } from '#domain/ids.ts';
import type { Connection } from '#domain/webhook.ts';
import { tenantOf } from '#lambda/caller.ts';
import { http, type HttpRequest } from '#lambda/http.ts';
import { untilSaved } from '#shared/optimistic.ts';
import { webhookSecretText } from '#shared/webhook-signature.ts';
import type { Clock, Connections, SecretBox } from '#shared/ports.ts';

/** Within the 24 to 64 bytes of Standard Webhooks. */
const WEBHOOK_SECRET_BYTES = 32;

interface Needs {
  readonly connections: Connections;
  readonly secrets: SecretBox;
  readonly newSecret: () => string;
  readonly clock: Clock;
  readonly publicBaseUrl: string;
}

const Params = z.object({ connectionName: ConnectionName });
const Body = z.strictObject({
  microCredentials: z.array(MicroCredentialId).min(1).max(100),
  components: z.array(z.string().min(1).max(100)).min(1).max(100).optional(),
});
type Request = HttpRequest<z.infer<typeof Params>, z.infer<typeof Body>>;

/** A second call changes what the tool may speak for and keeps its secret: only rotation makes a new one. */
export const connectTool = (needs: Needs) => async ({ caller, params, body, cause }: Request) =>
  untilSaved(async () => {
    const tenant = tenantOf(caller);
    const id = connectionIdOf(tenant, params.connectionName);
    const before = await needs.connections.load(id);
    const secret = before === undefined ? needs.newSecret() : undefined;
    const secrets = secret === undefined ? (before?.value.secrets ?? []) : [{ sealed: await needs.secrets.seal(secret, { connection: id }) }];
    const { microCredentials, components } = body;
    const after: Connection = {
      id,
      tenant,
      name: params.connectionName,
      microCredentials,
      ...(components === undefined ? {} : { components }),
      secrets,
      createdAt: before?.value.createdAt ?? needs.clock(),
    };
    await needs.connections.save({ before, after, events: [], cause });
    const shown = { connectionId: id, hookUrl: `${needs.publicBaseUrl}/v1/hooks/${id}`, ...body };
    return secret === undefined ? { status: 200, body: shown } : { status: 201, body: { ...shown, secret } };
  });

export const handler = http({ params: Params, body: Body }, () =>
  connectTool({
    connections: dynamodbConnections({ clock: systemClock, newId: randomId }),
    secrets: kmsSecretBox(),
    newSecret: () => webhookSecretText(randomBytes(WEBHOOK_SECRET_BYTES)),
    clock: systemClock,
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  }),
);
