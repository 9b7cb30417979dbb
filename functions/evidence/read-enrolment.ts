/** Where a learner stands: what is still missing for the award, and where the badge is once there is one. */
import * as z from 'zod';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { environment } from '#adapters/environment.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { awardState } from '#domain/award.ts';
import { EnrolmentId } from '#domain/ids.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { enrolmentFile, type FileNeeds } from '#shared/enrolment-file.ts';

const Params = z.object({ enrolmentId: EnrolmentId });

export const readEnrolment =
  ({ publicBaseUrl, ...needs }: FileNeeds & { publicBaseUrl: string }) =>
  async ({ caller, params }: HttpRequest<z.infer<typeof Params>, undefined>) => {
    const { before, definition } = await enrolmentFile(needs, { ...caller, tenant: tenantOf(caller) }, params.enrolmentId);
    const { enrolment, submissions } = before.value;
    const award = awardState(before.value, definition);
    const { id: enrolmentId, microCredentialId, version, state, choices, enrolledAt, credentialId } = enrolment;
    const shown = submissions.map((submission) => ({
      submissionId: submission.id,
      component: submission.component,
      attempt: submission.attempt,
      state: submission.state,
    }));
    const badge = credentialId === undefined ? {} : { credentialId, verificationUrl: `${publicBaseUrl}/c/${credentialId}` };
    return {
      status: 200,
      body: { enrolmentId, microCredentialId, version, state, choices, enrolledAt, submissions: shown, award, ...badge },
    };
  };

export const handler = http({ params: Params, body: NO_BODY }, () => {
  const needs = { clock: systemClock, newId: randomId };
  return readEnrolment({
    enrolments: dynamodbEnrolments(needs),
    definitions: dynamodbDefinitions(needs),
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  });
});
