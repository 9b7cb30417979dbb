/** A learner's enrolments, newest first. */
import * as z from 'zod';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import type { Enrolments } from '#shared/ports.ts';

export const listEnrolments =
  ({ enrolments }: { enrolments: Enrolments }) =>
  async ({ caller }: HttpRequest<unknown, undefined>) => {
    const found = await enrolments.ofLearner(tenantOf(caller), caller.subject);
    const listed = found.map(({ id, microCredentialId, version, state, enrolledAt, credentialId }) => ({
      enrolmentId: id,
      microCredentialId,
      version,
      state,
      enrolledAt,
      credentialId,
    }));
    return { status: 200, body: { enrolments: listed } };
  };

export const handler = http({ params: z.unknown(), body: NO_BODY }, () =>
  listEnrolments({ enrolments: dynamodbEnrolments({ clock: systemClock, newId: randomId }) }),
);
