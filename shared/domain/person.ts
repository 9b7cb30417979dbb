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

/** Here full stops in the name make no other mailbox. @see https://support.google.com/mail/answer/7436150 */
const WITHOUT_STOPS = new Set(['gmail.com', 'googlemail.com']);

/**
 * E-mail addresses compare without regard to case, to a `+tag`, or to surrounding space: one mailbox, one person. An address that begins
 * with `+` (a telephone number at a gateway) has no tag.
 */
export const normalEmail = (email: string): string => {
  const plain = email.normalize('NFKC').trim().toLowerCase();
  const at = plain.lastIndexOf('@');
  const [mailbox, domain] = [plain.slice(0, at).replace(/(?<=.)\+.*$/s, ''), plain.slice(at + 1)];
  return WITHOUT_STOPS.has(domain) ? `${mailbox.replaceAll('.', '')}@gmail.com` : `${mailbox}@${domain}`;
};

export const isSamePerson = (learner: Learner, assessor: Assessor): boolean => {
  if (assessor.subjects.includes(learner.subject)) return true;
  const { email } = learner;
  return email !== undefined && assessor.emails.some((known) => normalEmail(known) === normalEmail(email));
};
