/** What kind of achievement a micro-credential says it is. */
import * as z from 'zod';

/** The terms of the enumeration. @see Open Badges 3.0, "AchievementType Enumeration" */
export const ACHIEVEMENT_TYPES = [
  'Achievement',
  'ApprenticeshipCertificate',
  'Assessment',
  'Assignment',
  'AssociateDegree',
  'Award',
  'Badge',
  'BachelorDegree',
  'Certificate',
  'CertificateOfCompletion',
  'Certification',
  'CommunityService',
  'Competency',
  'Course',
  'CoCurricular',
  'Degree',
  'Diploma',
  'DoctoralDegree',
  'Fieldwork',
  'GeneralEducationDevelopment',
  'JourneymanCertificate',
  'LearningProgram',
  'License',
  'Membership',
  'ProfessionalDoctorate',
  'QualityAssuranceCredential',
  'MasterCertificate',
  'MasterDegree',
  'MicroCredential',
  'ResearchDoctorate',
  'SecondarySchoolDiploma',
] as const;

const TERMS: ReadonlySet<string> = new Set(ACHIEVEMENT_TYPES);

/** A term of the enumeration, or one of the issuer's own as `ext:…`. Publication refuses `License` and `Certification` (lint). */
export const AchievementType = z.string().refine((text) => TERMS.has(text) || /^ext:[A-Za-z0-9._-]{1,60}$/.test(text), {
  error: 'must be an achievement type of Open Badges 3.0, such as "MicroCredential", or one of your own in the form "ext:YourTerm"',
  params: { code: 'not-in-enum' },
});
export type AchievementType = z.infer<typeof AchievementType>;
