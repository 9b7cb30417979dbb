/** Entry of the CDK: reads the context, takes the bundles that `npm run build` left in `dist/`, and makes the two stacks of one deployment. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { FunctionCode } from 'aws-cdk-lib/aws-cloudfront';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { assayStacks } from './assay-app.ts';
import { deploymentOf } from './deployment.ts';

const ROOT = join(import.meta.dirname, '..');

/** The very bytes that run on one machine. */
const codeOf = (name: string): Code => {
  const bundle = join(ROOT, 'dist', 'functions', name);
  if (!existsSync(bundle)) throw new Error(`There is no bundle of ${name}: run "npm run build" first.`);
  return Code.fromAsset(bundle);
};

const edgeFunction = (file: string): FunctionCode => FunctionCode.fromFile({ filePath: join(ROOT, 'infra', 'constructs', file) });

const app = new App();
assayStacks(
  app,
  deploymentOf((name) => app.node.tryGetContext(name)),
  { codeOf, edge: { negotiate: edgeFunction('negotiate.js'), answer: edgeFunction('answer.js') } },
);
app.synth();
