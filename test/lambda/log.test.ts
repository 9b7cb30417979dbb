import { describe, expect, it } from 'vitest';
import { logStep } from '#lambda/log.ts';
import { logged } from './invocations.ts';

const line = { step: 'on-decision-made', durationMs: 12.5, about: { correlationId: 'request-1', submissionId: 'sub_1' } } as const;

describe('a step', () => {
  it.each(['done', 'refused'] as const)('that is %s leaves one line and its metrics', (outcome) => {
    const lines = logged();
    logStep({ ...line, outcome });
    expect(lines).toEqual([
      expect.objectContaining({ level: 'INFO', service: 'assay', ...line, outcome }),
      expect.objectContaining({ step: 'on-decision-made', [outcome]: 1, durationMs: 12.5 }),
    ]);
  });

  it('that failed says why, for whoever reads the log', () => {
    const lines = logged();
    logStep({ ...line, outcome: 'failed', error: new TypeError('no table') });
    logStep({ ...line, outcome: 'failed', error: 'thrown text' });
    const errors = lines.filter(({ level }) => level === 'ERROR').map(({ error }) => error);
    expect(errors).toEqual([
      expect.objectContaining({ name: 'TypeError', message: 'no table' }),
      expect.objectContaining({ message: 'thrown text' }),
    ]);
  });

  it('counts under its own name, not under that of the step before', () => {
    const lines = logged();
    logStep({ ...line, outcome: 'done' });
    logStep({ ...line, step: 'relay-events', outcome: 'failed', error: new Error('bus') });
    const metrics = lines.filter((one) => '_aws' in one);
    expect(metrics.map(({ step, done, failed }) => [step, done, failed])).toEqual([
      ['on-decision-made', 1, undefined],
      ['relay-events', undefined, 1],
    ]);
  });
});
