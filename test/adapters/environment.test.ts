import { afterEach, describe, expect, it, vi } from 'vitest';
import { environment } from '#adapters/environment.ts';
import { GRANTS } from '../../functions/grants.ts';

type Name = Parameters<typeof environment>[0];

/** What a function is given on a deployment, and what it must not start with. */
const CASES: Readonly<Record<Name, { readonly taken: readonly string[]; readonly refused: readonly string[] }>> = {
  TABLE_NAME: { taken: ['assay-table'], refused: ['', 'ab'] },
  EVIDENCE_BUCKET: { taken: ['assay-evidence'], refused: ['', 'ab'] },
  HOSTED_BUCKET: { taken: ['assay-hosted'], refused: [''] },
  BUS_NAME: { taken: ['assay'], refused: [''] },
  BUS_ARN: { taken: ['arn:aws:events:eu-west-1:111122223333:event-bus/assay'], refused: ['', 'assay'] },
  SECRETS_KEY_ARN: { taken: ['arn:aws:kms:eu-west-1:111122223333:key/1'], refused: ['alias/secrets'] },
  SCHEDULE_GROUP: { taken: ['assay'], refused: [''] },
  SCHEDULE_ROLE_ARN: { taken: ['arn:aws:iam::111122223333:role/scheduler'], refused: ['scheduler'] },
  PUBLIC_BASE_URL: {
    taken: ['https://badges.example.org', 'http://127.0.0.1:8080', 'https://badges.example.org:8443'],
    refused: [
      '',
      'badges.example.org',
      'https://badges.example.org/',
      'https://badges.example.org/path',
      'https://badges.example.org?x=1',
      'https://Badges.Example.org',
      'https://u:p@badges.example.org',
      'https://badges.example.org:443',
      'ftp://badges.example.org',
    ],
  },
  IDENTITY_SECONDS: { taken: ['0', '300'], refused: ['-1', '1.5', 'soon', '86401'] },
  MALWARE_SCAN: { taken: ['guardduty', 'none'], refused: ['', 'off', 'None'] },
  LOOPBACK_DOCUMENTS: { taken: ['refused', 'allowed'], refused: ['', 'true', 'yes'] },
};

const ROWS = Object.entries(CASES).map(([name, { taken, refused }]) => ({ name: name as Name, taken, refused }));

describe('the environment', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each(ROWS)('takes $name in its form only', ({ name, taken, refused }) => {
    for (const text of taken) {
      vi.stubEnv(name, text);
      expect(String(environment(name))).toBe(text);
    }
    for (const text of refused) {
      vi.stubEnv(name, text);
      expect(() => environment(name), text).toThrow(`environment variable ${name}`);
    }
  });

  it.each(ROWS)('without $name lets nothing start, and says which is missing', ({ name }) => {
    vi.stubEnv(name, undefined);
    expect(() => environment(name)).toThrow(`environment variable ${name}`);
  });

  it('does not repeat what it was given, since a log is no place for it', () => {
    vi.stubEnv('SECRETS_KEY_ARN', 'hunter2');
    expect(() => environment('SECRETS_KEY_ARN')).toThrow(expect.not.objectContaining({ message: expect.stringContaining('hunter2') }));
  });

  it('knows every variable that a step can be given', () => {
    const granted = Object.values(GRANTS).flatMap((grant): readonly string[] => grant.environment);
    expect(new Set(granted)).toEqual(new Set(Object.keys(CASES)));
  });
});
