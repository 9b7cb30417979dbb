/** Puts a person into the assessor directory, or changes the entry. A webhook can name an assessor, never create one. */
import * as z from 'zod';
import { dynamodbAssessors } from '#adapters/dynamodb/assessors.ts';
import { systemClock } from '#adapters/system.ts';
import { AssessorId, Subject } from '#domain/ids.ts';
import { oneLine } from '#domain/plain-text.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http } from '#lambda/http.ts';
import type { Assessors, Clock } from '#shared/ports.ts';

const Params = z.object({ assessorId: AssessorId });

/** Without a name to compare, nobody could tell whether an assessor is the learner. */
const KNOWN_BY = 'Give at least one e-mail address or sign-in subject: nobody may judge themselves, and this is how they are recognised.';

const Body = z
  .strictObject({
    name: oneLine(200),
    active: z.boolean().default(true),
    emails: z.array(z.email().max(320)).max(20).default([]),
    subjects: z.array(Subject).max(20).default([]),
  })
  .refine(({ emails, subjects }) => emails.length + subjects.length > 0, { path: ['emails'], error: KNOWN_BY });

/** The whole entry is replaced, so doing it twice leaves the same entry. */
export const registerAssessor =
  ({ assessors, clock }: { assessors: Assessors; clock: Clock }) =>
  async ({ caller, params: { assessorId }, body, cause }: HttpRequest<z.infer<typeof Params>, z.infer<typeof Body>>) => {
    const tenant = tenantOf(caller);
    const known = await assessors.load(tenant, assessorId);
    const assessor = { id: assessorId, ...body, registeredAt: known?.registeredAt ?? clock() };
    await assessors.save(tenant, assessor, cause);
    return { status: known === undefined ? 201 : 200, body: assessor };
  };

export const handler = http({ params: Params, body: Body }, () => registerAssessor({ assessors: dynamodbAssessors(), clock: systemClock }));
