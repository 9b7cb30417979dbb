/** One line a step: what, whose, outcome, how long. No personal data: ids only. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

const logger = new Logger({ serviceName: 'assay' });
const metrics = new Metrics({ namespace: 'Assay', serviceName: 'assay' });

export interface Line {
  readonly step: string;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly durationMs: number;
  /** Ids that lead to the case: correlation, submission, credential; and the code of a refusal. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly error?: unknown;
}

export const logStep = ({ error, ...line }: Line): void => {
  if (line.outcome === 'failed') logger.error('step', { ...line, error: error instanceof Error ? error : new Error(String(error)) });
  else logger.info('step', { ...line });
  metrics.addDimension('step', line.step);
  metrics.addMetric(line.outcome, MetricUnit.Count, 1);
  metrics.addMetric('durationMs', MetricUnit.Milliseconds, line.durationMs);
  metrics.publishStoredMetrics();
};
