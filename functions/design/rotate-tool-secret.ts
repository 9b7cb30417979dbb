/** Gives a tool a new secret. The old one works on for a day, so that the tool can change over without losing a message. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { dynamodbConnections } from '#adapters/dynamodb/connections.ts';
import { kmsSecretBox } from '#adapters/kms/secret-box.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { ConnectionName, connectionIdOf } from '#domain/ids.ts';
import { withNewSecret } from '#domain/webhook.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, Connections, SecretBox } from '#shared/ports.ts';
import { WEBHOOK_SECRET_BYTES, webhookSecretText } from '#shared/webhook-signature.ts';

interface Needs {
  readonly connections: Connections;
  readonly secrets: SecretBox;
  readonly newSecret: () => string;
  readonly clock: Clock;
}

const Params = z.object({ connectionName: ConnectionName });

export const rotateToolSecret =
  (needs: Needs) =>
  async ({ caller, params, cause }: HttpRequest<z.infer<typeof Params>, undefined>) =>
    untilSaved(async () => {
      const id = connectionIdOf(tenantOf(caller), params.connectionName);
      const before = await needs.connections.load(id);
      if (before === undefined) throw new DomainError('access/not-found', { connectionId: id });
      const secret = needs.newSecret();
      const after = withNewSecret(before.value, await needs.secrets.seal(secret, { connection: id }), needs.clock());
      await needs.connections.save({ before, after, events: [], cause });
      return { status: 200, body: { connectionId: id, secret, previousValidUntil: after.secrets[1]?.validUntil } };
    });

export const handler = http({ params: Params, body: NO_BODY }, () =>
  rotateToolSecret({
    connections: dynamodbConnections({ clock: systemClock, newId: randomId }),
    secrets: kmsSecretBox(),
    newSecret: () => webhookSecretText(randomBytes(WEBHOOK_SECRET_BYTES)),
    clock: systemClock,
  }),
);
