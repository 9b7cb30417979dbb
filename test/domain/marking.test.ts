import { describe, expect, it } from 'vitest';
import { resolved, schemeOf, single } from '#domain/marking.ts';
import type { SubmissionState } from '#domain/submission.ts';
import { aDefinition, aMark, anEnrolment, aRecord, aSubmission, later, NOW } from '../factories.ts';

const definition = aDefinition();
const at = { definition, now: later(60) };
const below = aMark({ outcome: 'below' });

describe('one marker', () => {
  it('is wanted as long as there is no mark', () => {
    expect(single([])).toEqual({ kind: 'wanted', role: 'first-marker' });
    expect(resolved(aRecord(), aSubmission(), at)).toEqual({ record: aRecord(), wanted: 'first-marker' });
  });

  it.each(['pass', 'below'] as const)('decides: %s', (outcome) => {
    expect(schemeOf(definition.assessmentPolicy.marking)([aMark({ outcome })])).toEqual({ kind: 'decided', outcome, markIds: ['mrk_1'] });
  });
});

describe('a submission in review', () => {
  it('is decided by its mark, and the decision names it', () => {
    const { record, decision, wanted } = resolved(aRecord({ marks: [aMark()] }), aSubmission(), at);
    expect(decision).toEqual({
      id: `dec_${aSubmission().id}`,
      submissionId: aSubmission().id,
      component: 'reflection',
      attempt: 1,
      outcome: 'pass',
      markIds: ['mrk_1'],
      decidedAt: later(60),
    });
    expect(record.decisions).toEqual([decision]);
    expect(record.submissions).toEqual([{ ...aSubmission('passed'), decidedAt: later(60) }]);
    expect(wanted).toBeUndefined();
  });

  it('is decided by the mark that was recorded first, whatever its place in storage', () => {
    const marks = [aMark({ id: 'mrk_a', outcome: 'pass', recordedAt: later(1) }), aMark({ id: 'mrk_z', outcome: 'below' })];
    expect(resolved(aRecord({ marks }), aSubmission(), at).decision).toMatchObject({ outcome: 'below', markIds: ['mrk_z'] });
  });

  it('is decided alike in both orders of two marks of the same instant', () => {
    const marks = [aMark({ id: 'mrk_b', outcome: 'below' }), aMark({ id: 'mrk_a' })];
    const decisions = [marks, marks.toReversed()].map((ordered) => resolved(aRecord({ marks: ordered }), aSubmission(), at).decision);
    expect(decisions.map((decision) => decision?.markIds)).toEqual([['mrk_a'], ['mrk_a']]);
  });

  it('is not decided by a mark on another submission', () => {
    const marks = [aMark({ submissionId: aSubmission('draft', { attempt: 2 }).id })];
    expect(resolved(aRecord({ marks }), aSubmission(), at).decision).toBeUndefined();
  });

  it.each<[number, SubmissionState]>([
    [1, 'revision-requested'],
    [2, 'revision-requested'],
    [3, 'failed'],
  ])('below standard on attempt %d of three is %s', (attempt, state) => {
    const earlier = Array.from({ length: attempt - 1 }, (_, place) => aSubmission('revision-requested', { attempt: place + 1 }));
    const submission = aSubmission('in-review', { attempt });
    const record = aRecord({ submissions: [...earlier, submission], marks: [{ ...below, submissionId: submission.id }] });
    expect(resolved(record, submission, at).record.submissions.at(-1)?.state).toBe(state);
  });

  it('uses up attempts at its own component only', () => {
    const elsewhere = [1, 2, 3].map((attempt) =>
      aSubmission('revision-requested', { component: 'portfolio', attempt, id: aSubmission('draft', { attempt: attempt + 10 }).id }),
    );
    const record = aRecord({ submissions: [...elsewhere, aSubmission()], marks: [below] });
    expect(resolved(record, aSubmission(), at).record.submissions.at(-1)?.state).toBe('revision-requested');
  });

  it('moves an enrolment that only waited for a result on', () => {
    const record = aRecord({ enrolment: anEnrolment({ state: 'enrolled' }), marks: [aMark()] });
    expect(resolved(record, aSubmission(), at).record.enrolment.state).toBe('in-progress');
  });
});

describe('a submission already decided, or not handed in', () => {
  it.each(['draft', 'passed', 'revision-requested', 'failed'] as const)('stays %s however often its mark is told', (state) => {
    const record = aRecord({ submissions: [aSubmission(state)], marks: [aMark()] });
    const result = resolved(record, aSubmission(state), { definition, now: NOW });
    expect(result).toEqual({ record });
    expect(result.record).toBe(record);
  });
});
