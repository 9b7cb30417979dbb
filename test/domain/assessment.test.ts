import { describe, expect, it } from 'vitest';
import { judgeMark, MARK_REFUSALS, type MarkContext, type MarkRefusal, type Verdict } from '#domain/assessment.ts';
import { AssessorId, Subject } from '#domain/ids.ts';
import type { Assessor } from '#domain/person.ts';
import type { Submission } from '#domain/submission.ts';
import {
  aDefinition,
  aLearner,
  aMark,
  anAssessment,
  anAssessor,
  anEnrolment,
  anItem,
  aRecord,
  aSubmission,
  type Changes,
  digest,
  evidenceId,
  NOW,
  randomPart,
} from '../factories.ts';

const context = (over: Partial<MarkContext> = {}): MarkContext => ({
  record: aRecord(),
  definition: aDefinition(),
  assessor: anAssessor(),
  markId: 'mrk_1',
  now: NOW,
  ...over,
});

const judged = (changes: Changes = {}, over: Partial<MarkContext> = {}): Verdict => judgeMark(anAssessment(changes), context(over));
const refusal = (code: MarkRefusal): Verdict => ({ kind: 'refused', code });
const withSubmissions = (...submissions: readonly Submission[]) => ({ record: aRecord({ submissions }) });

const BELOW: Changes = { '/result/outcome': 'fail', '/result/criteria/0/level': 'developing' };
const WORDS = 'You tell what happened; show what you thought of it, and what you changed because of it.';

const other = (over: Partial<Assessor>): Partial<MarkContext> => ({ assessor: anAssessor(over) });

type Row = [code: MarkRefusal, why: string, changes: Changes, over?: Partial<MarkContext>];

/** What is wrong with the mark, in the words of the one who sent it. */
const REFUSED: Row[] = [
  ['version_mismatch', 'another micro-credential', { '/microCredential/id': 'data-storytelling' }],
  ['version_mismatch', 'another version', { '/microCredential/version': '1.0.1' }],
  ['unknown_submission', 'the component of another submission', { '/submission/component': 'portfolio' }],
  ['stale_attempt', 'another attempt than the submission is', { '/submission/attempt': 2 }],
  ['stale_attempt', 'an attempt that has a later one', {}, withSubmissions(aSubmission(), aSubmission('draft', { attempt: 2 }))],
  ['assessor_not_eligible', 'an assessor whom the directory does not know', {}, { assessor: undefined }],
  ['assessor_not_eligible', 'an assessor who is no longer active', {}, other({ active: false })],
  ['assessor_is_learner', 'the learner under the same sign-in', {}, other({ subjects: [Subject.parse('maya')] })],
  ['assessor_is_learner', 'the learner under the same e-mail', {}, other({ emails: ['maya@members.example'] })],
  ['assessor_is_learner', 'the learner under a tagged e-mail', {}, other({ emails: ['Maya+assessor@Members.example'] })],
  [
    'assessor_is_learner',
    'the learner on an attempt not handed in yet',
    {},
    { ...withSubmissions(aSubmission('draft')), ...other({ subjects: [Subject.parse('maya')] }) },
  ],
  ['conflict_of_interest', 'a declared conflict of interest', { '/assessor/declarations/conflictOfInterest': true }],
  ['duplicate_mark', 'a second mark by the same assessor', {}, { record: aRecord({ marks: [aMark()] }) }],
  [
    'duplicate_mark',
    'a second mark by the same assessor after the decision',
    {},
    { record: aRecord({ marks: [aMark()], submissions: [aSubmission('passed')] }) },
  ],
  ['submission_not_open', 'a submission that passed', {}, withSubmissions(aSubmission('passed'))],
  ['submission_not_open', 'a submission to be revised', {}, withSubmissions(aSubmission('revision-requested'))],
  ['submission_not_open', 'a submission that failed', {}, withSubmissions(aSubmission('failed'))],
  ['evidence_digest_mismatch', 'other bytes', { '/evidence/0/sha256': digest('b') }],
  ['evidence_digest_mismatch', 'another item', { '/evidence/0/id': evidenceId(2) }],
  ['evidence_digest_mismatch', 'no item', { '/evidence': [] }],
  ['evidence_digest_mismatch', 'an item too many', { '/evidence/1': { id: evidenceId(2), sha256: digest('b') } }],
  ['evidence_digest_mismatch', 'the same item twice', { '/evidence/1': { id: evidenceId(), sha256: digest('a') } }],
  ['rubric_version_mismatch', 'another rubric', { '/rubric/id': 'r-demo' }],
  ['rubric_version_mismatch', 'another version of the rubric', { '/rubric/version': '1.0.1' }],
  ['unknown_level', 'a level that the rubric does not have', { '/result/criteria/0/level': 'splendid' }],
  ['unknown_level', 'a criterion that the rubric does not have', { '/result/criteria/2': { id: 'style', level: 'proficient' } }],
  ['criterion_missing', 'a criterion without a level', { '/result/criteria/1': undefined }],
  ['criterion_missing', 'a criterion with two levels', { '/result/criteria/2': { id: 'refl-depth', level: 'exemplary' } }],
  ['outcome_mismatch', 'a pass that the levels do not give', { '/result/criteria/0/level': 'developing' }],
  ['outcome_mismatch', 'a fail though the levels give a pass', { '/result/outcome': 'fail' }],
  ['feedback_missing', 'no overall feedback', { '/result/overallFeedback': undefined }],
  ['feedback_missing', 'overall feedback of blanks', { '/result/overallFeedback': ' \n\t' }],
  ['feedback_missing', 'a level below the required one without feedback', BELOW],
  ['feedback_missing', 'feedback of 79 characters where 80 are asked', { ...BELOW, '/result/criteria/0/feedback': 'x'.repeat(79) }],
  ['feedback_missing', 'feedback padded with blanks', { ...BELOW, '/result/criteria/0/feedback': `short${' '.repeat(80)}` }],
  ['feedback_missing', 'feedback of 40 astral characters', { ...BELOW, '/result/criteria/0/feedback': '🎓'.repeat(40) }],
];

describe('a mark', () => {
  it('that finds everything in order stands, bound to the bytes and the rubric that were judged', () => {
    expect(judged()).toEqual({
      kind: 'accepted',
      mark: {
        id: 'mrk_1',
        submissionId: aSubmission().id,
        attempt: 1,
        assessorId: 'assessor-17',
        role: 'first-marker',
        rubric: { id: 'r-reflection', version: '1.0.0' },
        evidence: [{ id: evidenceId(), sha256: digest('a') }],
        criteria: anAssessment().result.criteria,
        overallFeedback: anAssessment().result.overallFeedback,
        outcome: 'pass',
        recordedAt: NOW,
      },
    });
  });

  it.each<Row>(REFUSED)('is refused with %s for %s', (...[code, , changes, over]) => {
    expect(judged(changes, over)).toEqual(refusal(code));
  });

  it('is tried on every reason for which it can be refused', () => {
    expect(new Set(REFUSED.map(([code]) => code))).toEqual(new Set(MARK_REFUSALS));
  });

  it.each(['fail', 'below'])('that says "%s" stands where the levels are below and the feedback says why', (outcome) => {
    const verdict = judged({ ...BELOW, '/result/outcome': outcome, '/result/criteria/0/feedback': WORDS });
    expect(verdict).toMatchObject({ kind: 'accepted', mark: { outcome: 'below' } });
  });

  it('counts feedback in characters as people see them: 80 graduation caps are enough', () => {
    const verdict = judged({ ...BELOW, '/result/criteria/0/feedback': '🎓'.repeat(80) });
    expect(verdict.kind).toBe('accepted');
  });

  it('needs feedback on a level below even where the policy sets no length', () => {
    const definition = aDefinition({ '/assessmentPolicy/feedback/minCharacters': 0 });
    expect(judged(BELOW, { definition })).toEqual(refusal('feedback_missing'));
    expect(judged({ ...BELOW, '/result/criteria/0/feedback': 'Why?' }, { definition }).kind).toBe('accepted');
  });

  it('needs only the feedback that the policy asks for', () => {
    const definition = aDefinition({
      '/assessmentPolicy/feedback/overallRequired': false,
      '/assessmentPolicy/feedback/perCriterionRequiredWhenBelowRequired': false,
    });
    const verdict = judged({ ...BELOW, '/result/overallFeedback': undefined }, { definition });
    expect(verdict).toMatchObject({ kind: 'accepted' });
    expect(verdict.kind === 'accepted' && verdict.mark).not.toHaveProperty('overallFeedback');
  });

  it.each([
    ['on a submission that nobody has heard of', { '/submission/id': `sub_${randomPart(7)}_0_1` }, {}],
    ['on a submission whose name is none', { '/submission/id': 'sub_01JDCKZ8M2' }, {}],
    ['on a draft', {}, withSubmissions(aSubmission('draft'))],
  ] as const)('is early, not wrong, %s', (_why, changes, over) => {
    expect(judged(changes, over)).toEqual({ kind: 'early' });
  });

  it('by another assessor is no duplicate while the submission is open', () => {
    const marks = [aMark({ assessorId: AssessorId.parse('assessor-18') })];
    expect(judged({}, { record: aRecord({ marks }) }).kind).toBe('accepted');
  });

  it('on another submission is no duplicate', () => {
    const demonstration = aSubmission('in-review', { attempt: 2 });
    const marks = [aMark()];
    const changes = { '/submission/id': demonstration.id, '/submission/attempt': 2 };
    const submissions = [aSubmission('revision-requested'), demonstration];
    expect(judged(changes, { record: aRecord({ marks, submissions }) }).kind).toBe('accepted');
  });

  it('names the sealed items in any order', () => {
    const items = [1, 2].map((number) => anItem('sealed', { id: evidenceId(number) }));
    const seal = [1, 2].map((number) => ({ id: evidenceId(number), sha256: digest('a'), versionId: 'v1' }));
    const submission = aSubmission('in-review', { evidence: items, seal });
    const evidence = [2, 1].map((number) => ({ id: evidenceId(number), sha256: digest('a') }));
    expect(judged({ '/evidence': evidence }, withSubmissions(submission)).kind).toBe('accepted');
  });

  it('on a result from an external tool names no evidence', () => {
    const submission = aSubmission('in-review', { evidence: [], seal: [] });
    expect(judged({ '/evidence': [] }, withSubmissions(submission)).kind).toBe('accepted');
  });

  it('by someone with no name in common with the learner stands, though neither has an e-mail', () => {
    const { email: _, ...learner } = aLearner();
    const record = aRecord({ enrolment: anEnrolment({ learner }) });
    expect(judged({}, { record, assessor: anAssessor({ emails: [] }) }).kind).toBe('accepted');
  });

  it('cannot be judged against a definition without its rubric: that is our fault, not the assessor’s', () => {
    const definition = { ...aDefinition(), rubrics: [] };
    expect(() => judged({}, { definition })).toThrow('has a rubric for every component');
  });

  it('is worth what its levels are worth, whatever points it claims', () => {
    const claims = { ...BELOW, '/result/criteria/0/points': 1000, '/result/outcome': 'pass' };
    expect(judged(claims)).toEqual(refusal('outcome_mismatch'));
  });
});
