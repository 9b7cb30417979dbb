import { describe, expect, it } from 'vitest';
import {
  type EnrolmentRecord,
  type EnrolmentState,
  enrolled,
  evidenceOf,
  holdsPlace,
  latestAttempts,
  requireOpen,
  revised,
  submissionOf,
  withSubmission,
} from '#domain/enrolment.ts';
import { submissionIdOf } from '#domain/ids.ts';
import type { SubmissionState } from '#domain/submission.ts';
import { aDefinition, anEnrolment, anItem, aRecord, aSubmission, enrolmentId, evidenceId, later, NOW } from '../factories.ts';

const STATES = ['enrolled', 'in-progress', 'eligible', 'awarded', 'unsuccessful'] as const satisfies readonly EnrolmentState[];

const recordIn = (state: EnrolmentState, parts: Partial<EnrolmentRecord> = {}): EnrolmentRecord =>
  aRecord({ ...parts, enrolment: anEnrolment({ state }) });

describe('an enrolment', () => {
  it.each<[string, string, boolean]>([
    ['a new enrolment', 'new-enrolment', true],
    ['a module and a new enrolment', 'retrain-module-then-new-enrolment', true],
    ['somebody to override it', 'coach-meeting-then-override', false],
  ])('that was lost is %s away from another, as the policy says', (_what, afterMax, again) => {
    const { state: _, mayEnrolAnew: __, ...enrolment } = anEnrolment();
    const record = enrolled(enrolment, aDefinition({ '/assessmentPolicy/attempts/afterMax': afterMax }));
    expect(holdsPlace({ ...record.enrolment, state: 'unsuccessful' })).toBe(!again);
    for (const state of ['enrolled', 'in-progress', 'eligible', 'awarded'] as const)
      expect(holdsPlace({ ...record.enrolment, state })).toBe(true);
  });

  it('begins with a draft for each component, on its first attempt', () => {
    const { state: _, mayEnrolAnew: __, ...enrolment } = anEnrolment();
    const record = enrolled(enrolment, aDefinition());
    expect(record).toMatchObject({ enrolment: { ...enrolment, state: 'enrolled' }, marks: [], decisions: [] });
    expect(record.submissions).toEqual(
      ['skill-demonstration', 'portfolio', 'reflection'].map((component, place) => ({
        ...{ id: submissionIdOf(enrolmentId(), place, 1), component, attempt: 1, evidence: [], state: 'draft' },
      })),
    );
  });

  it('has nothing to hand in where an external tool gives the result', () => {
    const { state: _, ...enrolment } = anEnrolment();
    const [knowledge, practical] = enrolled(enrolment, aDefinition({}, 'infection-prevention-clinic-staff')).submissions;
    expect(knowledge).toMatchObject({ component: 'knowledge-check', state: 'in-review', seal: [], submittedAt: NOW });
    expect(practical).toMatchObject({ component: 'practical', state: 'draft' });
  });

  it.each<[EnrolmentState, EnrolmentState]>([
    ['enrolled', 'in-progress'],
    ['in-progress', 'in-progress'],
    ['eligible', 'eligible'],
    ['awarded', 'awarded'],
    ['unsuccessful', 'unsuccessful'],
  ])('that is %s is %s after activity on a submission', (from, to) => {
    expect(withSubmission(recordIn(from), aSubmission()).enrolment.state).toBe(to);
  });

  it.each(STATES)('that is %s takes work only while the award is open', (state) => {
    const refusal = ['enrolled', 'in-progress'].includes(state) ? undefined : 'enrolment/closed';
    const ask = () => requireOpen(recordIn(state));
    if (refusal === undefined) expect(ask).not.toThrow();
    else expect(ask).toThrow(expect.objectContaining({ code: refusal, facts: { enrolmentId: enrolmentId(), state } }));
  });

  it('replaces a submission that it knows and adds one that it does not', () => {
    const second = aSubmission('draft', { attempt: 2 });
    const record = withSubmission(aRecord(), second);
    expect(record.submissions).toEqual([aSubmission(), second]);
    expect(withSubmission(record, aSubmission('passed')).submissions).toEqual([aSubmission('passed'), second]);
  });

  it('answers for its own submissions and evidence only', () => {
    expect(submissionOf(aRecord(), aSubmission().id)).toEqual(aSubmission());
    expect(() => submissionOf(aRecord(), submissionIdOf(enrolmentId(), 2, 9))).toThrow('access/not-found');
    expect(evidenceOf(aSubmission(), evidenceId())).toEqual(anItem('sealed'));
    expect(() => evidenceOf(aSubmission(), evidenceId(9))).toThrow('access/not-found');
  });

  it('counts the latest attempt at each component, in whatever order they are stored', () => {
    const attempts = [10, 1, 2].map((attempt) => aSubmission(attempt === 10 ? 'in-review' : 'revision-requested', { attempt }));
    const other = aSubmission('draft', { id: submissionIdOf(enrolmentId(), 0, 1), component: 'skill-demonstration' });
    const latest = latestAttempts(aRecord({ submissions: [...attempts, other] }));
    expect(latest.map(({ component, attempt }) => [component, attempt])).toEqual([
      ['reflection', 10],
      ['skill-demonstration', 1],
    ]);
  });
});

describe('a revision', () => {
  const open = { now: later(60), openFrom: NOW, requirement: { maxItems: 3 } };
  const below = aSubmission('revision-requested');
  const record = aRecord({ submissions: [below] });

  it('opens the next attempt at the same component, empty', () => {
    const next = revised(record, below, open);
    expect(next.submissions.at(-1)).toEqual({
      ...{ id: submissionIdOf(enrolmentId(), 2, 2), component: 'reflection', attempt: 2, evidence: [], state: 'draft' },
    });
    expect(next.submissions[0]).toBe(below);
  });

  it.each(['draft', 'in-review', 'passed', 'failed'] as const satisfies readonly SubmissionState[])(
    'is refused on one that is %s',
    (state) => {
      const submission = aSubmission(state);
      expect(() => revised(aRecord({ submissions: [submission] }), submission, open)).toThrow('submission/illegal-transition');
    },
  );

  it('is refused on an attempt that has a later one', () => {
    const twice = revised(record, below, open);
    expect(() => revised(twice, below, open)).toThrow('submission/illegal-transition');
  });

  it('is refused before its cooling-off time is over, to the millisecond', () => {
    const openFrom = later(60);
    expect(() => revised(record, below, { now: later(59.999), openFrom, requirement: { maxItems: 3 } })).toThrow(
      expect.objectContaining({ code: 'submission/cooling-off', facts: { openFrom } }),
    );
    expect(revised(record, below, { now: openFrom, openFrom, requirement: { maxItems: 3 } }).submissions).toHaveLength(2);
  });

  it.each(['eligible', 'awarded', 'unsuccessful'] as const)('is refused once the enrolment is %s', (state) => {
    expect(() => revised(recordIn(state, { submissions: [below] }), below, open)).toThrow('enrolment/closed');
  });
});
