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

/** Someone who may see only what is theirs: a learner names themselves, others none. */
export interface Reader {
  readonly tenant: TenantId;
  readonly role: string;
  readonly subject: string;
}

/**
 * The file, if it is the reader's to see.
 * @throws DomainError access/not-found in the same words whether it does not exist or is someone else's.
 */
export const enrolmentFile = async (needs: FileNeeds, reader: Reader, id: EnrolmentId): Promise<EnrolmentFile> => {
  const file = await findEnrolmentFile(needs, reader.tenant, id);
  const theirs = file !== undefined && (reader.role !== 'learner' || file.before.value.enrolment.learner.subject === reader.subject);
  if (!theirs) throw new DomainError('access/not-found');
  return file;
};

export const submissionFile = (needs: FileNeeds, reader: Reader, id: SubmissionId): Promise<EnrolmentFile> =>
  enrolmentFile(needs, reader, enrolmentIdOf(id));

/** What the definition asks for a component. */
export const requirementOf = (definition: MicroCredentialDefinition, component: string): EvidenceRequirement => {
  const found = definition.evidenceRequirements.find(({ id }) => id === component);
  if (found === undefined) throw new DomainError('upload/unknown-component', { component });
  return found;
};
