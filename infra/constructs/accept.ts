/** Findings of cdk-nag that we accept. An acceptance names one finding on one construct and says why; there is no acceptance of a whole rule. */
import { Stack, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

export type Rule = 'APIG4' | 'CFR1' | 'CFR2' | 'CFR4' | 'COG2' | 'COG8' | 'SQS3';

export const accept = (on: IConstruct, rule: Rule, reason: string): void => {
  Validations.of(on).acknowledge({ id: `AwsSolutions-${rule}`, reason });
};

/** Accepts that a policy on the construct names this resource, which holds a wildcard. The finding spells out the ARN, so another wildcard stays a finding. */
export const acceptWildcard = (on: IConstruct, resource: string, reason: string): void => {
  const spelled = flattenCfnReference(Stack.of(on).resolve(resource));
  Validations.of(on).acknowledge({ id: `AwsSolutions-IAM5[Resource::${spelled}]`, reason });
};
