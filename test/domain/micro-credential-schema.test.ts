import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedJson, faultsOfParsing, pointersIn, SAMPLE_NAMES, sampleJson } from './definitions.ts';
import { aSpoiltSample } from './spoilt-samples.ts';

const SCHEMA = new URL('../../../shared/samples/microcredential-definition.schema.json', import.meta.url);

// The sample files name this schema; it is not part of the project's tree.
describe.skipIf(!existsSync(SCHEMA))('next to the JSON Schema of definition files (skipped where that file is absent)', () => {
  const schema = () => {
    const ajv = new Ajv2020({ strict: false, formats: { uri: fullFormats.uri, 'date-time': fullFormats['date-time'] } });
    return ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  };

  it('refuses everything that the schema refuses', () => {
    const allows = schema();
    fc.assert(
      fc.property(aSpoiltSample, (document) => {
        if (!allows(document)) expect(faultsOfParsing(document).length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('demands every field that the schema demands', () => {
    const allows = schema();
    let demanded = 0;
    for (const name of SAMPLE_NAMES) {
      for (const pointer of pointersIn(sampleJson(name))) {
        const document = changedJson(name, { [pointer]: undefined });
        if (allows(document)) continue;
        demanded += 1;
        expect(faultsOfParsing(document).length).toBeGreaterThan(0);
      }
    }
    expect(demanded).toBeGreaterThan(400);
  });
});
