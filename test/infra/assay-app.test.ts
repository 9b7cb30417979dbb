import { Validations } from 'aws-cdk-lib';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { PROD } from './production.ts';
import { synthesised, unsynthesised } from './synthesis.ts';

const deployments = [
  { name: 'a development stage', ...synthesised() },
  { name: 'a production stage with every choice taken', ...synthesised(PROD) },
];

const accepted = ({ app }: ReturnType<typeof unsynthesised> | (typeof deployments)[number]) =>
  app.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(z.record(z.string(), z.string()).parse(data)))
    .map(([id, reason]) => ({ id: id.replace(/^annotation::/i, ''), reason }));

describe('the checks of cdk-nag', () => {
  it.each(deployments)('find nothing in $name that is not accepted with a reason', ({ app }) => {
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });

  it.each(deployments)('are never waved through without saying why in $name', (deployment) => {
    const acceptances = accepted(deployment);
    expect(acceptances.length).toBeGreaterThan(10);
    expect(acceptances.filter(({ reason }) => reason.length <= 20)).toEqual([]);
  });

  it.each(deployments)('would find each thing that is accepted in $name: no acceptance is left over', (deployment) => {
    const checks = Object.defineProperty(new AwsSolutionsChecks(deployment.app), 'isAcknowledged', { value: () => false });
    const findings = checks.validateScope(deployment.app).violations.map(({ ruleName }) => ruleName);
    expect([...new Set(accepted(deployment).map(({ id }) => id))].sort()).toEqual(findings.sort());
  });

  it('are accepted finding by finding: no rule is switched off for a whole stack', () => {
    const { app, storage, path } = unsynthesised();
    for (const whole of [app, storage, path]) {
      expect(whole.node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)).toEqual([]);
    }
  });

  it('stop the synthesis at a finding that nobody accepted', () => {
    const { app, path } = unsynthesised();
    new Bucket(path, 'Careless');
    expect(() => app.synth()).toThrow(/AwsSolutions-S10/);
  });
});

describe('the templates', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('are ones that CloudFormation takes, by its own schemas', () => {
    vi.stubEnv('CDK_VALIDATION', 'true');
    const report = unsynthesised(PROD).app.synth();
    expect(report.stacks.map(({ stackName }) => stackName)).toEqual(['assay-prod-storage', 'assay-prod-path']);
  });

  it('are refused where CloudFormation would refuse them', () => {
    vi.stubEnv('CDK_VALIDATION', 'true');
    const { app, path } = unsynthesised();
    new CfnBucket(path, 'Wrong', { versioningConfiguration: { status: 'Perhaps' } });
    expect(() => app.synth()).toThrow(/Perhaps/);
  });
});
