/** Both stacks of one deployment, under the checks of cdk-nag: a finding that no acceptance explains stops the synthesis. */
import { type App, Validations } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { EdgeFunctions } from './constructs/hosting.ts';
import type { Deployment } from './deployment.ts';
import { pathStack } from './path-stack.ts';
import { storageStack } from './storage-stack.ts';

/** What was built before: the bundle of each function, and the functions of the edge. */
export interface Builds {
  readonly codeOf: (name: string) => Code;
  readonly edge: EdgeFunctions;
}

export const assayStacks = (app: App, deployment: Deployment, { codeOf, edge }: Builds) => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const storage = storageStack(app, { deployment, edge });
  const path = pathStack(app, { deployment, storage, codeOf });
  return { storage: storage.stack, path };
};
