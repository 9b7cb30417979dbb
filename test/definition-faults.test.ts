/** What stands against publication, with ports in place of the table. */
import { describe, expect, it } from 'vitest';
import { Version } from '#domain/ids.ts';
import { createCanonicalizer } from '#linked-data/canonicalize.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { definitionFaults } from '#shared/definition-faults.ts';
import type { Loaded } from '#shared/ports.ts';
import { SAMPLE_NAMES } from './domain/definitions.ts';
import { aDefinition, anIssuer, TENANT } from './factories.ts';

const loadedAs = <T>(value: T): Loaded<T> => ({ value, revision: 1, chain: '' });

describe('what stands against publication', () => {
  const issuers = (known: boolean) => ({ load: async () => (known ? loadedAs(anIssuer()) : undefined), save: async () => undefined });
  const definitions = { load: async () => undefined, versions: async () => [], save: async () => undefined };
  const canonize = createCanonicalizer({ contexts: CONTEXTS });
  const around = { tenant: TENANT, definitions, canonize, publicBaseUrl: 'https://assay.example' };

  it('is above all that the issuer is not registered', async () => {
    const { errors } = await definitionFaults(aDefinition(), { ...around, issuers: issuers(false) });
    expect(errors[0]).toMatchObject({ code: 'lint/issuer-unregistered', pointer: '/issuer/id' });
  });

  it('is that a higher version is published, not that somebody publishes the same one at this moment', async () => {
    const published = (version: Version) => ({ ...definitions, versions: async () => [{ version, state: 'published' as const }] });
    const errorsBeside = async (version: string) =>
      (await definitionFaults(aDefinition(), { ...around, definitions: published(Version.parse(version)), issuers: issuers(true) })).errors;
    expect(await errorsBeside(aDefinition().version)).toEqual([]);
    expect(await errorsBeside('99.0.0')).toMatchObject([{ code: 'lint/version-not-newer' }]);
  });

  it('is not that a scheme is unavailable, but it is said', async () => {
    const double = await definitionFaults(aDefinition(), { ...around, issuers: issuers(true) });
    expect(double.warnings.map(({ code }) => code)).toContain('lint/scheme-not-available');
    const single = aDefinition({ '/assessmentPolicy/marking': { scheme: 'single', blindToLearner: true } });
    const plain = await definitionFaults(single, { ...around, issuers: issuers(true) });
    expect(plain.warnings.map(({ code }) => code)).not.toContain('lint/scheme-not-available');
  });

  it('is what a badge on trial shows, beside all that the definition shows by itself, and nothing twice', async () => {
    const tangled = 'https://harbour-learning.example/coaching';
    const image = { id: tangled, caption: 'Speech bubbles' };
    const faulty = aDefinition({ '/criteria/id': tangled, '/image': image, '/name': 'A\ttab', '/level': {}, '/inLanguage': 'en-x-plain' });
    const { errors, warnings } = await definitionFaults(faulty, { ...around, issuers: issuers(true) });
    const named = errors.map(({ pointer, code }) => `${pointer} ${code}`);
    expect(named.toSorted()).toEqual([
      '/criteria/id lint/badge-id-twice',
      '/image/id lint/badge-id-twice',
      '/level lint/annex-i',
      '/name lint/control-character',
    ]);
    expect(warnings.map(({ pointer, code }) => `${pointer} ${code}`)).toContain('/inLanguage lint/language-not-told');
  });

  it('is nothing for any sample but what its programme may weigh', async () => {
    for (const name of SAMPLE_NAMES) {
      const definition = aDefinition({}, name);
      const registered = { load: async () => loadedAs({ ...anIssuer(), profile: definition.issuer }), save: async () => undefined };
      expect((await definitionFaults(definition, { ...around, issuers: registered })).errors).toEqual([]);
    }
  });
});
