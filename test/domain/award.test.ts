import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AwardStep, awarded, awardState, awardStep } from '#domain/award.ts';
import { type EnrolmentRecord, type EnrolmentState, enrolled, latestAttempts, revised, withSubmission } from '#domain/enrolment.ts';
import { DomainError } from '#domain/errors.ts';
import { submissionIdOf } from '#domain/ids.ts';
import { resolved } from '#domain/marking.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { Submission, SubmissionState } from '#domain/submission.ts';
import { aDefinition, aMark, anEnrolment, aRecord, aSubmission, credentialId, enrolmentId, later, NOW } from '../factories.ts';

const COMPONENTS = ['skill-demonstration', 'portfolio', 'reflection'] as const;
type Component = (typeof COMPONENTS)[number];

const evidence = (component: Component) => ({ evidence: component, outcome: 'pass' });
const ALL_THREE = aDefinition();
const ANY_TWO = aDefinition({ '/award/rule': { atLeast: 2, of: COMPONENTS.map(evidence) } });

const submissionFor = (component: Component, state: SubmissionState, attempt = 1): Submission =>
  aSubmission(state, { component, attempt, id: submissionIdOf(enrolmentId(), COMPONENTS.indexOf(component), attempt) });

/** Each component in the state given for it, on its first attempt. */
const recordOf = (...states: readonly SubmissionState[]): EnrolmentRecord =>
  aRecord({ submissions: COMPONENTS.map((component, place) => submissionFor(component, states[place] ?? 'draft')) });

const stepOf = (record: EnrolmentRecord, definition = ALL_THREE): AwardStep => awardStep(record, definition, credentialId());

describe('the award rule', () => {
  it('is true once every component has passed', () => {
    expect(awardState(recordOf('passed', 'passed', 'passed'), ALL_THREE)).toEqual({ satisfied: true, missing: [] });
  });

  it('names what is missing', () => {
    expect(awardState(recordOf('passed', 'in-review', 'revision-requested'), ALL_THREE)).toEqual({
      satisfied: false,
      missing: [evidence('portfolio'), evidence('reflection')],
    });
  });

  it.each(['draft', 'in-review', 'revision-requested', 'failed'] as const)(
    'counts the latest attempt only: a pass before one that is %s is none',
    (state) => {
      const record = recordOf('passed', 'passed', 'passed');
      const again = withSubmission(record, submissionFor('portfolio', state, 2));
      expect(awardState(again, ALL_THREE).satisfied).toBe(false);
    },
  );

  it('is not true by completions, credentials or attestations, which nobody can have recorded yet', () => {
    const rules = [{ curriculum: '*', outcome: 'completed' }, { credential: 'data-storytelling' }, { attestation: 'a line manager' }];
    for (const rule of rules) {
      const definition = { ...ALL_THREE, award: { ...ALL_THREE.award, rule } } as MicroCredentialDefinition;
      expect(awardState(recordOf('passed', 'passed', 'passed'), definition)).toEqual({ satisfied: false, missing: [rule] });
    }
  });
});

describe('after a decision', () => {
  it.each<[AwardStep['kind'], MicroCredentialDefinition, SubmissionState[]]>([
    ['claim', ALL_THREE, ['passed', 'passed', 'passed']],
    ['wait', ALL_THREE, ['passed', 'passed', 'in-review']],
    ['wait', ALL_THREE, ['passed', 'passed', 'revision-requested']],
    ['close', ALL_THREE, ['passed', 'passed', 'failed']],
    ['close', ALL_THREE, ['draft', 'draft', 'failed']],
    ['claim', ANY_TWO, ['passed', 'failed', 'passed']],
    ['claim', ANY_TWO, ['passed', 'draft', 'passed']],
    ['wait', ANY_TWO, ['failed', 'draft', 'draft']],
    ['wait', ANY_TWO, ['failed', 'passed', 'revision-requested']],
    ['close', ANY_TWO, ['failed', 'failed', 'draft']],
    ['close', ANY_TWO, ['failed', 'failed', 'passed']],
  ])('the award is: %s', (kind, definition, states) => {
    expect(stepOf(recordOf(...states), definition).kind).toBe(kind);
  });

  it('a true rule claims the award for one credential', () => {
    const record = recordOf('passed', 'passed', 'passed');
    const claimed = { ...record, enrolment: { ...record.enrolment, state: 'eligible', credentialId: credentialId() } };
    expect(stepOf(record)).toEqual({ kind: 'claim', credentialId: credentialId(), record: claimed });
  });

  it('an award out of reach closes the enrolment', () => {
    expect(stepOf(recordOf('failed'))).toMatchObject({ kind: 'close', record: { enrolment: { state: 'unsuccessful' } } });
  });

  it('a rule that waits for something not recorded yet keeps the enrolment open', () => {
    const clinic = aDefinition({}, 'infection-prevention-clinic-staff');
    const { state: _, ...enrolment } = anEnrolment();
    const fresh = enrolled(enrolment, clinic);
    const passed = fresh.submissions.map(({ id, component, attempt }) => aSubmission('passed', { id, component, attempt }));
    const record = { ...fresh, enrolment: anEnrolment(), submissions: passed };
    expect(awardStep(record, clinic, credentialId())).toEqual({ kind: 'wait' });
  });

  it.each(['enrolled', 'eligible', 'awarded', 'unsuccessful'] as const satisfies readonly EnrolmentState[])(
    'an enrolment that is %s waits, even with every component passed or one failed',
    (state) => {
      for (const last of ['passed', 'failed'] as const) {
        const record = { ...recordOf('passed', 'passed', last), enrolment: anEnrolment({ state }) };
        expect(stepOf(record)).toEqual({ kind: 'wait' });
      }
    },
  );
});

describe('a learner who is below standard on every attempt', () => {
  it('may revise until the attempts are used up; then the submission has failed and the enrolment is closed', () => {
    const { state: _, ...enrolment } = anEnrolment();
    const below: Act = { kind: 'submit', component: 'reflection', outcome: 'below' };
    let record = enrolled(enrolment, ALL_THREE);
    const states = [1, 2, 3].map(() => {
      record = judged(tryRevised(record, below), below, ALL_THREE);
      return [latestOf(record, 'reflection').state, stepOf(record).kind];
    });
    expect(states).toEqual([
      ['revision-requested', 'wait'],
      ['revision-requested', 'wait'],
      ['failed', 'close'],
    ]);
    expect(stepOf(record)).toMatchObject({ record: { enrolment: { state: 'unsuccessful' } } });
    expect(tryRevised(record, below)).toBe(record);
  });
});

describe('once the credential is signed', () => {
  it.each<[EnrolmentState, EnrolmentState]>([
    ['eligible', 'awarded'],
    ['awarded', 'awarded'],
    ['enrolled', 'enrolled'],
    ['in-progress', 'in-progress'],
    ['unsuccessful', 'unsuccessful'],
  ])('an enrolment that is %s is %s', (from, to) => {
    const record = aRecord({ enrolment: anEnrolment({ state: from }) });
    const next = awarded(record);
    expect(next.enrolment.state).toBe(to);
    if (from !== 'eligible') expect(next).toBe(record);
  });
});

/** What may happen to an enrolment, in any order: work, marks, repeated events, the signature. */
type Act = { readonly kind: 'submit' | 'revise' | 'told-again' | 'signed' } & {
  readonly component: Component;
  readonly outcome: 'pass' | 'below';
};

const anAct = fc.record<Act>({
  kind: fc.constantFrom('submit', 'submit', 'submit', 'revise', 'told-again', 'signed'),
  component: fc.constantFrom(...COMPONENTS),
  outcome: fc.constantFrom('pass', 'pass', 'below'),
});

const latestOf = (record: EnrolmentRecord, component: Component): Submission => {
  const found = latestAttempts(record).find((submission) => submission.component === component);
  if (found === undefined) throw new Error(component);
  return found;
};

/** Hands in the latest attempt and has it judged. */
const judged = (record: EnrolmentRecord, { component, outcome }: Act, definition: MicroCredentialDefinition): EnrolmentRecord => {
  const draft = latestOf(record, component);
  if (draft.state !== 'draft') return record;
  const submission = submissionFor(component, 'in-review', draft.attempt);
  const mark = aMark({ id: `mrk_${submission.id}`, submissionId: submission.id, outcome });
  const marked = { ...withSubmission(record, submission), marks: [...record.marks, mark] };
  return resolved(marked, submission, { definition, now: NOW }).record;
};

const tryRevised = (record: EnrolmentRecord, { component }: Act): EnrolmentRecord => {
  try {
    return revised(record, latestOf(record, component), { now: later(60), openFrom: NOW, requirement: { maxItems: 3 } });
  } catch (error) {
    if (error instanceof DomainError) return record;
    throw error;
  }
};

const acted = (record: EnrolmentRecord, act: Act, definition: MicroCredentialDefinition): EnrolmentRecord => {
  switch (act.kind) {
    case 'submit':
      return judged(record, act, definition);
    case 'revise':
      return tryRevised(record, act);
    case 'signed':
      return awarded(record);
    case 'told-again':
      return record;
  }
};

/** What the award came to after each act. */
const stepsOf = (acts: readonly Act[], definition: MicroCredentialDefinition): readonly { step: AwardStep; satisfied: boolean }[] => {
  const { state: _, ...enrolment } = anEnrolment();
  let record = enrolled(enrolment, definition);
  return acts.map((act) => {
    record = acted(record, act, definition);
    const { satisfied } = awardState(record, definition);
    const step = stepOf(record, definition);
    if (step.kind !== 'wait') record = step.record;
    return { step, satisfied };
  });
};

describe('whatever happens in whatever order', () => {
  it.each([
    ['all three', ALL_THREE],
    ['any two', ANY_TWO],
  ])('a badge for %s is claimed at most once, and only while the rule is true', (_name, definition) => {
    fc.assert(
      fc.property(fc.array(anAct, { maxLength: 30 }), (acts) => {
        const ends = stepsOf(acts, definition).filter(({ step }) => step.kind !== 'wait');
        expect(ends.length).toBeLessThanOrEqual(1);
        expect(ends.map(({ step }) => step.kind === 'claim')).toEqual(ends.map(({ satisfied }) => satisfied));
      }),
      { numRuns: 300 },
    );
  });
});
