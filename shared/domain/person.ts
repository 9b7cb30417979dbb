/** Who is who: a person goes by several names (sign-in subject, e-mail, a tool's id), and no one may judge themselves under any of them. */
import type { AssessorId, Instant, Subject } from './ids.ts';

export interface Learner {
  readonly subject: Subject;
  /** As the identity provider gives them; absent where it gives none. */
  readonly name?: string;
  readonly email?: string;
}

/** Someone a programme trusts to judge evidence. A webhook can name an assessor, never create one. */
export interface Assessor {
  readonly id: AssessorId;
  readonly name: string;
  readonly active: boolean;
  readonly emails: readonly string[];
  readonly subjects: readonly Subject[];
  readonly registeredAt: Instant;
}

/** E-mail addresses compare without regard to case, to a `+tag`, or to surrounding space: one mailbox, one person. */
export const normalEmail = (email: string): string => {
  const [local = '', domain = ''] = email.normalize('NFC').trim().toLowerCase().split('@');
  return `${local.split('+')[0]}@${domain}`;
};

export const isSamePerson = (learner: Learner, assessor: Assessor): boolean => {
  if (assessor.subjects.includes(learner.subject)) return true;
  const { email } = learner;
  return email !== undefined && assessor.emails.some((known) => normalEmail(known) === normalEmail(email));
};
