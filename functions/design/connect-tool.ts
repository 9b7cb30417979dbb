/** Connects an assessment tool: what it may speak for, and the secret that its webhooks are signed with. The secret is shown once. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { dynamodbConnections } from '#adapters/dynamodb/connections.ts';
import { environment } from '#adapters/environment.ts';
import { kmsSecretBox } from '#adapters/kms/secret-box.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { type ConnectionId, ConnectionName, connectionIdOf, MicroCredentialId, tenantOfConnection } from '#domain/ids.ts';
import type { Connection } from '#domain/webhook.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http } from '#lambda/http.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, Connections, SecretBox } from '#shared/ports.ts';
import { WEBHOOK_SECRET_BYTES, webhookSecretText } from '#shared/webhook-signature.ts';

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

const connection = async (needs: Needs, before: Connection | undefined, ask: { id: ConnectionId; body: z.infer<typeof Body> }) => {
  const { id, body } = ask;
  const secret = before === undefined ? needs.newSecret() : undefined;
  const fresh = secret === undefined ? [] : [{ sealed: await needs.secrets.seal(secret, { connection: id }) }];
  const { microCredentials, components } = body;
  const after: Connection = {
    id,
    tenant: tenantOfConnection(id),
    microCredentials,
    ...(components === undefined ? {} : { components }),
    secrets: before?.secrets ?? fresh,
    createdAt: before?.createdAt ?? needs.clock(),
  };
  return { after, secret };
};

/** A second call changes what the tool may speak for and keeps its secret: only rotation makes a new one. */
export const connectTool =
  (needs: Needs) =>
  async ({ caller, params, body, cause }: Request) =>
    untilSaved(async () => {
      const id = connectionIdOf(tenantOf(caller), params.connectionName);
      const before = await needs.connections.load(id);
      const { after, secret } = await connection(needs, before?.value, { id, body });
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
