/** An enrolment with the version it is pinned to: what nearly every step needs before its rule can speak. */
import type { EnrolmentRecord } from '#domain/enrolment.ts';
import { DomainError } from '#domain/errors.ts';
import type { EnrolmentId, SubmissionId, TenantId } from '#domain/ids.ts';
import { enrolmentIdOf } from '#domain/ids.ts';
import type { EvidenceRequirement, MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { Definitions, Enrolments, Loaded } from './ports.ts';

export interface EnrolmentFile {
  readonly before: Loaded<EnrolmentRecord>;
  readonly definition: MicroCredentialDefinition;
}

export interface FileNeeds {
  readonly enrolments: Enrolments;
  readonly definitions: Definitions;
}

/** @returns undefined if the tenant has no such enrolment. */
export const findEnrolmentFile = async (
  { enrolments, definitions }: FileNeeds,
  tenant: TenantId,
  id: EnrolmentId,
): Promise<EnrolmentFile | undefined> => {
  const before = await enrolments.load(tenant, id);
  if (before === undefined) return undefined;
  const { microCredentialId, version } = before.value.enrolment;
  const pinned = await definitions.load(tenant, microCredentialId, version);
  if (pinned === undefined) throw new Error(`enrolment ${id} is pinned to ${microCredentialId}@${version}, which is gone`);
  return { before, definition: pinned.value.definition };
};

/** Who asks, with every role they hold for the tenant. */
export interface Reader {
  readonly tenant: TenantId;
  readonly roles: readonly string[];
  readonly subject: string;
}

/** As whom a reader may see an enrolment: their own as the learner, others' in any other role; undefined for someone else's. */
const standingOf = ({ roles, subject }: Reader, { value }: Loaded<EnrolmentRecord>): string | undefined => {
  const own = roles.includes('learner') && value.enrolment.learner.subject === subject;
  return own ? 'learner' : roles.find((role) => role !== 'learner');
};

/**
 * The file, if it is the reader's to see, and as whom they see it.
 * @throws DomainError access/not-found in the same words whether it does not exist or is someone else's.
 */
export const enrolmentFile = async (needs: FileNeeds, reader: Reader, id: EnrolmentId): Promise<EnrolmentFile & { as: string }> => {
  const file = await findEnrolmentFile(needs, reader.tenant, id);
  const as = file && standingOf(reader, file.before);
  if (file === undefined || as === undefined) throw new DomainError('access/not-found');
  return { ...file, as };
};

export const submissionFile = (needs: FileNeeds, reader: Reader, id: SubmissionId): Promise<EnrolmentFile & { as: string }> =>
  enrolmentFile(needs, reader, enrolmentIdOf(id));

/** What the definition asks for a component. */
export const requirementOf = (definition: MicroCredentialDefinition, component: string): EvidenceRequirement => {
  const found = definition.evidenceRequirements.find(({ id }) => id === component);
  if (found === undefined) throw new DomainError('upload/unknown-component', { component });
  return found;
};
