import { describe, expect, it } from 'vitest';
import { busEventPattern, evidenceEventPattern, OUTBOX_FILTER } from '../../../functions/delivery.ts';
import { compilePattern } from '../../../local/aws/eventbridge/pattern.ts';

const event = {
  source: 'assay.credential',
  'detail-type': 'credential.issued',
  resources: ['arn:one', 'arn:two'],
  detail: {
    n: 5,
    text: 'Evidence.PDF',
    none: null,
    flag: true,
    empty: '',
    list: ['a', 'b'],
    things: [{ k: 1 }, { k: 2, deep: { x: 'y' } }],
  },
};

const detail = (pattern: unknown) => ({ detail: pattern });

const MATCHES: readonly (readonly [string, object])[] = [
  ['an exact text', { source: ['other', 'assay.credential'] }],
  ['every field named', { source: ['assay.credential'], 'detail-type': ['credential.issued'] }],
  ['one value of a list', { resources: ['arn:two'] }],
  ['an exact number', detail({ n: [5] })],
  ['null as a value', detail({ none: [null] })],
  ['true', detail({ flag: [true] })],
  ['an empty text', detail({ empty: [''] })],
  ['a prefix', { source: [{ prefix: 'assay.' }] }],
  ['a prefix in any case', detail({ text: [{ prefix: { 'equals-ignore-case': 'eVID' } }] })],
  ['a suffix', detail({ text: [{ suffix: '.PDF' }] })],
  ['a suffix in any case', detail({ text: [{ suffix: { 'equals-ignore-case': '.pdf' } }] })],
  ['a text in any case', detail({ text: [{ 'equals-ignore-case': 'evidence.pdf' }] })],
  ['a wildcard', detail({ text: [{ wildcard: 'E*d*.P*F' }] })],
  ['anything but a text', { source: [{ 'anything-but': 'aws.s3' }] }],
  ['anything but several numbers', detail({ n: [{ 'anything-but': [1, 2] }] })],
  ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }],
  ['anything but one of several suffixes', detail({ text: [{ 'anything-but': { suffix: ['.png', '.mp4'] } }] })],
  ['anything but a wildcard', detail({ text: [{ 'anything-but': { wildcard: '*.mp4' } }] })],
  ['a number within bounds', detail({ n: [{ numeric: ['>', 0, '<=', 5] }] })],
  ['a number that equals', detail({ n: [{ numeric: ['=', 5] }] })],
  ['a field that exists', detail({ empty: [{ exists: true }] })],
  ['a field that does not exist', detail({ absent: [{ exists: false }] })],
  ['a field that does not exist in an object that does not', detail({ absent: { below: [{ exists: false }] } })],
  ['an object in a list', detail({ things: { deep: { x: ['y'] } } })],
  ['one of two alternatives', { $or: [{ source: ['aws.s3'] }, { 'detail-type': ['credential.issued'] }] }],
  ['one of two alternatives, deep', detail({ $or: [{ n: [1] }, { text: [{ prefix: 'Ev' }] }], flag: [true] })],
];

const MISSES: readonly (readonly [string, object])[] = [
  ['another text', { source: ['assay.issuer'] }],
  ['one field of two', { source: ['assay.credential'], 'detail-type': ['credential.earned'] }],
  ['a number given as text', detail({ n: ['5'] })],
  ['an absent field', detail({ absent: ['x'] })],
  ['anything but, of an absent field', detail({ absent: [{ 'anything-but': 'x' }] })],
  ['anything but the very value', { source: [{ 'anything-but': ['assay.credential'] }] }],
  ['a number on the open bound', detail({ n: [{ numeric: ['>', 5] }] })],
  ['a number compared with text', detail({ text: [{ numeric: ['>', 0] }] })],
  ['a wildcard whose ends overlap', detail({ flag: [{ wildcard: 'true*' }] })],
  ['a wildcard that needs more text than there is', detail({ list: [{ wildcard: 'a*a' }] })],
  ['a field that exists but must not', detail({ n: [{ exists: false }] })],
  ['a field below a text', detail({ text: { below: ['x'] } })],
  ['neither of two alternatives', { $or: [{ source: ['aws.s3'] }, { source: ['aws.kms'] }] }],
  ['an alternative without what stands beside it', { source: ['aws.s3'], $or: [{ source: ['assay.credential'] }, { source: ['x'] }] }],
];

const INVALID: readonly (readonly [string, unknown])[] = [
  ['no object', 'text'],
  ['an empty pattern', {}],
  ['an empty list', { source: [] }],
  ['a plain value instead of a list', { source: 'assay' }],
  ['an operator that does not exist', { source: [{ like: 'assay' }] }],
  ['two operators in one', { source: [{ prefix: 'a', suffix: 'b' }] }],
  ['an empty prefix', { source: [{ prefix: '' }] }],
  ['two stars in a row', { source: [{ wildcard: 'a**b' }] }],
  ['exists with a text', { source: [{ exists: 'yes' }] }],
  ['a comparison without a number', detail({ n: [{ numeric: ['>', 'x'] }] })],
  ['an unknown comparison', detail({ n: [{ numeric: ['!', 1] }] })],
  ['three halves of comparisons', detail({ n: [{ numeric: ['>', 1, '<'] }] })],
  ['anything but nothing', { source: [{ 'anything-but': [] }] }],
  ['an unknown operator under anything-but', { source: [{ 'anything-but': { numeric: ['=', 1] } }] }],
  ['a single alternative', { $or: [{ source: ['x'] }] }],
];

describe('an event pattern', () => {
  it.each(MATCHES)('lets pass %s', (_title, pattern) => {
    expect(compilePattern(pattern)(event)).toBe(true);
  });

  it.each(MISSES)('keeps out %s', (_title, pattern) => {
    expect(compilePattern(pattern)(event)).toBe(false);
  });

  it.each(INVALID)('is refused if it holds %s', (_title, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: 'InvalidEventPatternException' }));
  });

  it('takes a star that is escaped as it stands', () => {
    const matches = compilePattern({ detail: { text: [{ wildcard: 'a\\*b*' }] } });
    expect(matches({ detail: { text: 'a*bc' } })).toBe(true);
    expect(matches({ detail: { text: 'axbc' } })).toBe(false);
  });

  it('of many wildcards is decided at once, however the text tries it', () => {
    const matches = compilePattern({ detail: { text: [{ wildcard: `${'*a'.repeat(50)}*b` }] } });
    expect(matches({ detail: { text: 'a'.repeat(50_000) } })).toBe(false);
  });
});

describe('the patterns of the deployment', () => {
  it("let Assay's own events of the wanted names pass and no others", () => {
    const matches = compilePattern(busEventPattern(['credential.issued', 'credential.status_changed']));
    expect(matches(event)).toBe(true);
    expect(matches({ ...event, 'detail-type': 'credential.earned' })).toBe(false);
    expect(matches({ ...event, source: 'shop.order' })).toBe(false);
  });

  it('let an evidence object of this bucket pass, and nothing that lies beside the evidence', () => {
    const matches = compilePattern(evidenceEventPattern('evidence-object-created', 'evidence-1'));
    const created = (name: string, key: string) => ({
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { bucket: { name }, object: { key } },
    });
    expect(matches(created('evidence-1', 'evidence/harbour/x'))).toBe(true);
    expect(matches(created('evidence-1', 'malware-protection-resource-validation-object'))).toBe(false);
    expect(matches(created('evidence-2', 'evidence/harbour/x'))).toBe(false);
  });

  it('let an outbox row pass when it is born, not when it expires', () => {
    const matches = compilePattern(OUTBOX_FILTER);
    const row = { dynamodb: { NewImage: { kind: { S: 'outbox' } } } };
    expect(matches({ eventName: 'INSERT', ...row })).toBe(true);
    expect(matches({ eventName: 'REMOVE', dynamodb: { OldImage: { kind: { S: 'outbox' } } } })).toBe(false);
    expect(matches({ eventName: 'INSERT', dynamodb: { NewImage: { kind: { S: 'enrolment' } } } })).toBe(false);
  });
});
