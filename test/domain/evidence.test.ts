import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EvidenceItem,
  evidenceKey,
  type InspectedObject,
  inspected,
  isAbandoned,
  parseEvidenceKey,
  type ScanVerdict,
  scanned,
} from '#domain/evidence.ts';
import { submissionIdOf } from '#domain/ids.ts';
import { EVIDENCE_PREFIX } from '../../functions/buckets.ts';
import { anItem, anObject, digest, enrolmentId, evidenceId, later, NOW, TENANT } from '../factories.ts';

type State = EvidenceItem['state'];

/** What may be reported about one file. */
type Fact = { readonly scan: ScanVerdict } | { readonly object: InspectedObject };

const told = (item: EvidenceItem, fact: Fact): EvidenceItem =>
  'scan' in fact ? scanned(item, fact.scan) : inspected(item, fact.object, true);
const stateAfter = (facts: readonly Fact[]): EvidenceItem => facts.reduce(told, anItem('slot-reserved'));

const GOOD: Fact = { object: anObject() };
const OTHER_TYPE: Fact = { object: anObject({ mediaType: 'application/zip' }) };
const scan = (verdict: ScanVerdict): Fact => ({ scan: verdict });

/** Items that are past the point where reports matter. */
const SETTLED: readonly State[] = ['quarantined', 'sealed', 'purged'];

describe('an item of evidence', () => {
  it.each<[readonly Fact[], State]>([
    [[], 'slot-reserved'],
    [[GOOD], 'scanning'],
    [[GOOD, scan('clean')], 'clean'],
    [[scan('clean'), GOOD], 'clean'],
    [[GOOD, scan('threat')], 'quarantined'],
    [[scan('threat'), GOOD], 'quarantined'],
    [[scan('threat')], 'quarantined'],
    [[scan('clean')], 'slot-reserved'],
    [[GOOD, scan('undecided')], 'scanning'],
    [[scan('undecided'), GOOD], 'scanning'],
    [[scan('undecided'), GOOD, scan('clean')], 'clean'],
    [[scan('clean'), scan('undecided'), GOOD], 'clean'],
    [[GOOD, scan('clean'), scan('undecided')], 'clean'],
    [[GOOD, scan('clean'), scan('threat')], 'quarantined'],
    [[OTHER_TYPE], 'rejected'],
    [[OTHER_TYPE, scan('clean')], 'rejected'],
    [[scan('clean'), OTHER_TYPE], 'rejected'],
    [[OTHER_TYPE, scan('threat')], 'quarantined'],
    [[scan('threat'), OTHER_TYPE], 'quarantined'],
  ])('after %j is %s', (facts, state) => {
    expect(stateAfter(facts).state).toBe(state);
  });

  it('ends the same whatever the order of the reports and however often each comes', () => {
    const someFacts = fc.tuple(
      fc.subarray<ScanVerdict>(['clean', 'undecided', 'threat']),
      fc.option(fc.constantFrom(GOOD, OTHER_TYPE), { nil: undefined }),
    );
    const deliveries = someFacts
      .map(([verdicts, object]): Fact[] => [...verdicts.map(scan), ...(object === undefined ? [] : [object])])
      .filter((facts) => facts.length > 0)
      .chain((facts) =>
        fc.array(fc.constantFrom(...facts), { maxLength: 4 }).chain((repeats) => {
          const all = [...facts, ...repeats];
          return fc.tuple(fc.constant(facts), fc.shuffledSubarray(all, { minLength: all.length }));
        }),
      );
    fc.assert(
      fc.property(deliveries, ([once, delivered]) => {
        expect(stateAfter(delivered)).toEqual(stateAfter(once));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['clean', 'rejected', 'scanning', ...SETTLED] as const)(
    'that is %s does not change when it is reported as created again',
    (state) => {
      const item = anItem(state);
      expect(inspected(item, anObject({ versionId: 'v2', sha256: digest('b') }), true)).toBe(item);
    },
  );

  it.each(SETTLED)('that is %s does not change by a scan result, even a threat', (state) => {
    const item = anItem(state);
    for (const verdict of ['clean', 'threat', 'undecided'] as const) expect(scanned(item, verdict)).toBe(item);
  });

  it('says that a person has to look at it when its scan could not decide, and no more once it has a verdict', () => {
    const waiting = stateAfter([GOOD, scan('undecided')]);
    expect(waiting).toMatchObject({ state: 'scanning', undecided: true });
    expect(scanned(waiting, 'undecided')).toBe(waiting);
    expect(scanned(waiting, 'clean')).not.toHaveProperty('undecided');
    expect(stateAfter([GOOD])).not.toHaveProperty('undecided');
  });

  it('keeps what was read of a file that is quarantined before it was read', () => {
    expect(stateAfter([scan('threat'), GOOD])).toMatchObject({ state: 'quarantined', object: anObject() });
  });

  it.each([
    ['length-mismatch', anObject({ bytes: 999, sha256: digest('b'), mediaType: 'image/png' })],
    ['digest-mismatch', anObject({ sha256: digest('b'), mediaType: 'image/png' })],
    ['type-mismatch', anObject({ mediaType: 'image/png' })],
  ] as const)('that is not what was announced is rejected for %s', (reason, object) => {
    expect(inspected(anItem('slot-reserved'), object, true)).toMatchObject({ state: 'rejected', reason, object });
  });

  it('needs no scan where the deployment runs none', () => {
    expect(inspected(anItem('slot-reserved'), anObject(), false).state).toBe('clean');
    expect(inspected(anItem('slot-reserved'), anObject({ bytes: 1 }), false).state).toBe('rejected');
  });

  it.each(['clean', 'scanning', 'quarantined', 'rejected'] as const)('that is a companion stays one when it becomes %s', (state) => {
    const facts = { clean: [GOOD, scan('clean')], scanning: [GOOD], quarantined: [GOOD, scan('threat')], rejected: [OTHER_TYPE] };
    const slot = anItem('slot-reserved', { companion: 'timestamps' });
    expect(facts[state].reduce(told, slot)).toMatchObject({ state, companion: 'timestamps', id: slot.id, key: slot.key });
    expect(facts[state].reduce(told, anItem('slot-reserved'))).not.toHaveProperty('companion');
  });

  it.each<[State, number, boolean]>([
    ['slot-reserved', 899, false],
    ['slot-reserved', 900, false],
    ['slot-reserved', 901, true],
    ['scanning', 901, false],
    ['clean', 901, false],
  ])('that is %s is, %d seconds after it was reserved, abandoned: %s', (state, seconds, abandoned) => {
    expect(isAbandoned(anItem(state), later(seconds))).toBe(abandoned);
    expect(isAbandoned(anItem(state), NOW)).toBe(false);
  });
});

describe('the key of an evidence object', () => {
  const address = {
    tenant: TENANT,
    enrolmentId: enrolmentId(),
    submissionId: submissionIdOf(enrolmentId(), 2, 1),
    evidenceId: evidenceId(),
  };

  it('is read back as it was made', () => {
    expect(parseEvidenceKey(evidenceKey(address))).toEqual(address);
  });

  it('lies under the prefix whose objects start a step and are scanned', () => {
    expect(evidenceKey(address).startsWith(EVIDENCE_PREFIX)).toBe(true);
  });

  it.each([
    '',
    'evidence/',
    evidenceKey(address).slice(1),
    `${evidenceKey(address)}/more`,
    `/${evidenceKey(address)}`,
    evidenceKey(address).replace('evi_', 'enr_'),
    evidenceKey(address).replace(TENANT, '..'),
    evidenceKey(address).toUpperCase(),
    `evidence/a/${enrolmentId()}/${address.submissionId}/${evidenceId()}`,
  ])('is no place of evidence: %s', (key) => {
    expect(parseEvidenceKey(key)).toBeUndefined();
  });
});
