/** Enrols a learner. The version is pinned here: what counts now counts to the end. */
import * as z from 'zod';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { enrolled } from '#domain/enrolment.ts';
import { DomainError } from '#domain/errors.ts';
import { EnrolmentId, MicroCredentialId, type TenantId, Version } from '#domain/ids.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import { latestVersion } from '#domain/version.ts';
import { type Caller, tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http } from '#lambda/http.ts';
import { type Clock, type Definitions, type Enrolments, type NewId, WriteConflict } from '#shared/ports.ts';

interface Needs {
  readonly enrolments: Enrolments;
  readonly definitions: Definitions;
  readonly clock: Clock;
  readonly newId: NewId;
}

const Params = z.object({ microCredentialId: MicroCredentialId });
const Body = z
  .strictObject({
    /** Absent: the latest published version. */
    version: Version.optional(),
    publication: z.enum(['automatic', 'on-request']).default('automatic'),
    showName: z.boolean().default(false),
  })
  .prefault({});
type Request = HttpRequest<z.infer<typeof Params>, z.infer<typeof Body>>;

const publishedDefinition = async (
  { definitions }: Needs,
  tenant: TenantId,
  ask: { id: MicroCredentialId; version?: Version | undefined },
): Promise<MicroCredentialDefinition> => {
  const open = (await definitions.versions(tenant, ask.id)).filter(({ state }) => state === 'published').map(({ version }) => version);
  const version = ask.version ?? latestVersion(open);
  if (version === undefined) throw new DomainError('access/not-found');
  if (!open.includes(version)) throw new DomainError('enrolment/version-closed', { microCredentialId: ask.id, version });
  const found = await definitions.load(tenant, ask.id, version);
  if (found === undefined) throw new DomainError('access/not-found');
  return found.value.definition;
};

const learnerOf = ({ subject, name, email }: Caller) => ({
  subject,
  ...(name === undefined ? {} : { name }),
  ...(email === undefined ? {} : { email }),
});

/** A learner has one open enrolment per micro-credential; asking again names the one there is. */
export const enrol =
  (needs: Needs) =>
  async ({ caller, params, body, cause }: Request) => {
    const tenant = tenantOf(caller);
    const { microCredentialId } = params;
    const definition = await publishedDefinition(needs, tenant, { id: microCredentialId, version: body.version });
    const version = Version.parse(definition.version);
    const id = EnrolmentId.parse(needs.newId('enr'));
    const choices = { publication: body.publication, showName: body.showName };
    const record = enrolled(
      { id, tenant, microCredentialId, version, learner: learnerOf(caller), choices, cycle: 1, enrolledAt: needs.clock() },
      definition,
    );
    try {
      await needs.enrolments.save({
        before: undefined,
        after: record,
        events: [{ type: 'enrolment.created', data: { enrolmentId: id, microCredentialId, version } }],
        cause,
      });
    } catch (error) {
      if (!(error instanceof WriteConflict && error.labels.includes('open-enrolment'))) throw error;
      throw new DomainError('enrolment/already-open', {
        enrolmentId: await needs.enrolments.openOf(tenant, caller.subject, microCredentialId),
      });
    }
    const submissions = record.submissions.map(({ id: submissionId, component, attempt, state }) => ({
      submissionId,
      component,
      attempt,
      state,
    }));
    return { status: 201, body: { enrolmentId: id, microCredentialId, version, state: record.enrolment.state, submissions } };
  };

export const handler = http({ params: Params, body: Body }, () => {
  const needs = { clock: systemClock, newId: randomId };
  return enrol({ enrolments: dynamodbEnrolments(needs), definitions: dynamodbDefinitions(needs), ...needs });
});
