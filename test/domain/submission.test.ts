import { describe, expect, it } from 'vitest';
import type { EvidenceItem } from '#domain/evidence.ts';
import type { EvidenceRequirement } from '#domain/micro-credential.ts';
import {
  awaitingResult,
  type Declarations,
  decided,
  liveEvidence,
  missingFor,
  requireDraft,
  type Submission,
  type SubmissionState,
  submitted,
  withEvidence,
} from '#domain/submission.ts';
import { aDefinition, anItem, aSubmission, evidenceId, later, NOW } from '../factories.ts';

const STATES = ['draft', 'in-review', 'passed', 'revision-requested', 'failed'] as const satisfies readonly SubmissionState[];

const requirement = (id: string, over: Partial<EvidenceRequirement> = {}): EvidenceRequirement => {
  const found = aDefinition().evidenceRequirements.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return { ...found, ...over };
};

const REFLECTION = requirement('reflection');
const DEMONSTRATION = requirement('skill-demonstration');
const ALL: Declarations = { authenticity: true, consent: true };
const NONE: Declarations = { authenticity: false, consent: false };

const draft = (...evidence: readonly EvidenceItem[]): Submission => aSubmission('draft', { evidence });
const at = (declarations: Declarations = ALL) => ({ declarations, now: NOW });

const item = (number: number, state: EvidenceItem['state'] = 'clean', companion?: string): EvidenceItem =>
  anItem(state, { id: evidenceId(number), ...(companion === undefined ? {} : { companion }) });

type Outcome = SubmissionState | 'submission/illegal-transition';

const outcomeOf = (move: () => Submission): Outcome => {
  try {
    return move().state;
  } catch (error) {
    return (error as Error).message as Outcome;
  }
};

const MOVES: Readonly<Record<string, (submission: Submission) => Submission>> = {
  submit: (submission) => submitted(submission, REFLECTION, at()),
  'decide: pass': (submission) => decided(submission, { outcome: 'pass', attemptsLeft: true, at: later(60) }),
  'decide: pass, last attempt': (submission) => decided(submission, { outcome: 'pass', attemptsLeft: false, at: later(60) }),
  'decide: below': (submission) => decided(submission, { outcome: 'below', attemptsLeft: true, at: later(60) }),
  'decide: below, last attempt': (submission) => decided(submission, { outcome: 'below', attemptsLeft: false, at: later(60) }),
};

/** The one state from which each move leads on, and where to; from all others it is refused. */
const ALLOWED: readonly (readonly [move: string, from: SubmissionState, to: SubmissionState])[] = [
  ['submit', 'draft', 'in-review'],
  ['decide: pass', 'in-review', 'passed'],
  ['decide: pass, last attempt', 'in-review', 'passed'],
  ['decide: below', 'in-review', 'revision-requested'],
  ['decide: below, last attempt', 'in-review', 'failed'],
];

describe('a submission', () => {
  it.each(ALLOWED)('moves by "%s" from %s to %s, and from nowhere else', (move, from, to) => {
    const outcomes = STATES.map((state) => [state, outcomeOf(() => MOVES[move]!(aSubmission(state, { evidence: [item(1)] })))]);
    expect(outcomes).toEqual(STATES.map((state) => [state, state === from ? to : 'submission/illegal-transition']));
  });

  it('says which move was refused in which state', () => {
    expect(() => requireDraft(aSubmission('passed'), 'Submit')).toThrow(
      expect.objectContaining({ code: 'submission/illegal-transition', facts: { state: 'passed', event: 'Submit' } }),
    );
    expect(requireDraft(draft(), 'Submit').state).toBe('draft');
  });

  it('seals exactly the clean items: their digests and object versions are what is judged', () => {
    const rest = [item(2, 'rejected'), item(3, 'quarantined'), item(4, 'purged')];
    const sealed = submitted(draft(item(1), ...rest), REFLECTION, at());
    expect(sealed).toMatchObject({ state: 'in-review', submittedAt: NOW, declarations: ALL });
    expect(sealed.state !== 'draft' && sealed.seal).toEqual([{ id: evidenceId(1), sha256: 'a'.repeat(64), versionId: 'v1' }]);
    expect(sealed.evidence).toEqual([item(1, 'sealed'), ...rest]);
  });

  it('keeps what was sealed when it is decided', () => {
    const review = aSubmission('in-review');
    expect(decided(review, { outcome: 'pass', attemptsLeft: false, at: later(60) })).toEqual({
      ...review,
      state: 'passed',
      decidedAt: later(60),
    });
  });

  it('for a result from elsewhere is open to its mark from the start', () => {
    const { id, component, attempt } = aSubmission('draft');
    expect(awaitingResult({ id, component, attempt }, NOW)).toEqual({
      ...{ id, component, attempt, evidence: [], state: 'in-review', submittedAt: NOW, declarations: NONE, seal: [] },
    });
  });

  it('replaces an item that it knows and adds one that it does not', () => {
    const one = withEvidence(draft(), item(1, 'slot-reserved'));
    const two = withEvidence(one, item(2));
    expect(withEvidence(two, item(1, 'clean')).evidence).toEqual([item(1, 'clean'), item(2)]);
  });

  it('counts only evidence that is neither refused, withdrawn nor abandoned', () => {
    const all = (['clean', 'scanning', 'rejected', 'quarantined', 'purged', 'sealed', 'slot-reserved'] as const).map((state, place) =>
      item(place, state),
    );
    const live = (seconds: number) => liveEvidence(draft(...all), later(seconds)).map(({ state }) => state);
    expect(live(0)).toEqual(['clean', 'scanning', 'sealed', 'slot-reserved']);
    expect(live(901)).toEqual(['clean', 'scanning', 'sealed']);
  });
});

describe('handing in', () => {
  it.each<[string, Submission, EvidenceRequirement, Declarations, object]>([
    ['submission/evidence-missing', draft(), REFLECTION, ALL, { itemsToAdd: 1, companions: [] }],
    ['submission/evidence-missing', draft(item(1, 'rejected')), REFLECTION, ALL, { itemsToAdd: 1, companions: [] }],
    ['submission/evidence-missing', draft(item(1)), DEMONSTRATION, ALL, { itemsToAdd: 0, companions: ['timestamps'] }],
    ['submission/evidence-missing', draft(item(1, 'clean', 'timestamps')), DEMONSTRATION, ALL, { itemsToAdd: 1, companions: [] }],
    [
      'submission/evidence-not-ready',
      draft(item(1, 'scanning')),
      REFLECTION,
      ALL,
      { notReady: [{ id: evidenceId(1), state: 'scanning' }] },
    ],
    [
      'submission/evidence-not-ready',
      draft(item(1), item(2, 'slot-reserved')),
      REFLECTION,
      ALL,
      { notReady: [{ id: evidenceId(2), state: 'slot-reserved' }] },
    ],
    ['submission/declaration-missing', draft(item(1)), REFLECTION, NONE, { declarations: ['authenticity'] }],
    [
      'submission/declaration-missing',
      draft(item(1), item(2, 'clean', 'timestamps')),
      DEMONSTRATION,
      NONE,
      { declarations: ['authenticity', 'consent'] },
    ],
    [
      'submission/declaration-missing',
      draft(item(1), item(2, 'clean', 'timestamps')),
      DEMONSTRATION,
      { ...ALL, consent: false },
      { declarations: ['consent'] },
    ],
    ['upload/too-many-items', draft(item(1), item(2)), REFLECTION, ALL, { itemsToRemove: 1 }],
    [
      'upload/too-many-items',
      draft(item(1), item(2, 'clean', 'timestamps'), item(3, 'clean', 'timestamps')),
      DEMONSTRATION,
      ALL,
      { itemsToRemove: 1 },
    ],
  ])('is refused with %s', (...[code, submission, wanted, declarations, facts]) => {
    expect(() => submitted(submission, wanted, at(declarations))).toThrow(expect.objectContaining({ code, facts }));
  });

  it('asks for no declaration that the component does not want', () => {
    const wanted = requirement('reflection', { authenticity: { ...REFLECTION.authenticity, learnerDeclaration: false } });
    expect(missingFor(draft(item(1)), wanted, at(NONE))).toEqual({
      itemsToAdd: 0,
      itemsToRemove: 0,
      companions: [],
      declarations: [],
      notReady: [],
    });
    expect(submitted(draft(item(1)), wanted, at(NONE)).state).toBe('in-review');
  });

  it('does not ask for a companion that is not required', () => {
    const companions = (DEMONSTRATION.companions ?? []).map((companion) => ({ ...companion, required: false }));
    expect(missingFor(draft(item(1)), { ...DEMONSTRATION, companions }, at()).companions).toEqual([]);
  });

  it('waits for no slot whose time ran out', () => {
    const submission = draft(item(1), item(2, 'slot-reserved'));
    expect(submitted(submission, REFLECTION, { declarations: ALL, now: later(901) }).state).toBe('in-review');
  });
});
