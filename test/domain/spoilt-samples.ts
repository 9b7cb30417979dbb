/** Samples with up to three values replaced or taken out at random. */
import fc from 'fast-check';
import { type Document, type Json, parentOf, pointersIn, put, read, SAMPLE_NAMES, type SampleName, sampleJson } from './definitions.ts';

const aValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    'x',
    'P1D',
    'PT0S',
    '1.0.0',
    'not-yet',
    '*',
    'public',
    'http://a.example/',
    '\u0000',
    '\ud800',
    '😀',
    '！',
  ),
  fc.constantFrom<unknown>(0, -1, 1, 1.5, 1e308, Number.NaN, true, false),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>([], {}, { allOf: [] }, { evidence: 'portfolio', outcome: 'pass' }, { type: 'points-at-least', min: 0 }),
);

const aChange = fc.constantFrom<SampleName>(...SAMPLE_NAMES).chain((name) =>
  fc.record({
    name: fc.constant(name),
    changes: fc.array(
      fc.record({ pointer: fc.constantFrom(...pointersIn(sampleJson(name))), value: fc.option(aValue, { nil: undefined }) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  }),
);

/** A change may take away the place of the next one; then the next one is left out. */
const mutated = ({ name, changes }: { name: SampleName; changes: { pointer: string; value: unknown }[] }): Document => {
  const document = sampleJson(name);
  for (const { pointer, value } of changes) {
    const holder =
      pointersIn(document).includes(parentOf(pointer)) || parentOf(pointer) === ''
        ? read({ top: document }, `/top${parentOf(pointer)}`)
        : null;
    if (typeof holder === 'object' && holder !== null) put(document, { [pointer]: value as Json });
  }
  return document;
};

export const aSpoiltSample: fc.Arbitrary<Document> = aChange.map(mutated);
