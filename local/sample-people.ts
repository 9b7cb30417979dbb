/** The people of the samples, as the local identity provider knows them. Fictional. */

export interface Person {
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly groups: readonly string[];
}

const harbour = (role: string): string => `harbour-learning-alliance:${role}`;
const northvale = (role: string): string => `northvale-clinics-association:${role}`;
const lindqvist = (role: string): string => `lindqvist-university-extension:${role}`;

export const PEOPLE = [
  { sub: 'olu', name: 'Olu Adeyemi', email: 'olu@operations.example', groups: ['operator'] },
  { sub: 'dana', name: 'Dana Whelan', email: 'dana@harbour-learning.example', groups: [harbour('programme')] },
  { sub: 'ines', name: 'Inês Carvalho', email: 'ines@harbour-learning.example', groups: [harbour('assessor')] },
  { sub: 'maya', name: 'Maya Okafor', email: 'maya@members.example', groups: [harbour('learner')] },
  { sub: 'tom', name: 'Tom Brennan', email: 'tom@members.example', groups: [harbour('learner')] },
  { sub: 'priya', name: 'Priya Nair', email: 'priya@northvale-clinics.example', groups: [northvale('programme')] },
  { sub: 'sam', name: 'Sam Kerr', email: 'sam@clinic.example', groups: [northvale('learner')] },
  { sub: 'astrid', name: 'Astrid Lindqvist', email: 'astrid@lindqvist.example', groups: [lindqvist('programme')] },
  { sub: 'jonas', name: 'Jonas Berg', email: 'jonas@students.example', groups: [lindqvist('learner')] },
] as const satisfies readonly Person[];

export type PersonId = (typeof PEOPLE)[number]['sub'];

/** Inês in the assessor directory of her programme: the id is her name at the assessment tool. */
export const ASSESSOR = { id: 'assessor-17', name: 'Inês Carvalho', email: 'ines@harbour-learning.example' } as const;
