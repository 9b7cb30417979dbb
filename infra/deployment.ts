/** What one deployment may choose, read from the CDK context (`-c name=value`). A choice that cannot work is refused here, before anything is built. */

export interface Deployment {
  readonly stage: 'dev' | 'prod';
  /** Host of the public pages and of the API. Every badge carries it for ever. */
  readonly site: { readonly domainName: string; readonly certificateArn: string } | undefined;
  /** An identity provider of one's own in place of the Cognito user pool. */
  readonly identityProvider: { readonly issuer: string; readonly audience: string } | undefined;
  readonly malwareScan: 'guardduty' | 'none';
  /** Origins of browser applications on other hosts that may call the API and upload evidence. */
  readonly appOrigins: readonly string[];
  /** A web ACL of scope CLOUDFRONT, which can only be made in us-east-1. */
  readonly webAclArn: string | undefined;
  readonly alarmEmail: string | undefined;
  readonly tracing: boolean;
}

export const DEPLOYMENT_CONTEXT = [
  'stage',
  'domainName',
  'certificateArn',
  'oidcIssuer',
  'oidcAudience',
  'malwareScan',
  'appOrigins',
  'webAclArn',
  'alarmEmail',
  'tracing',
] as const;

type Context = (name: (typeof DEPLOYMENT_CONTEXT)[number]) => unknown;

const refuse = (reason: string): never => {
  throw new Error(`This deployment cannot be built: ${reason} See docs/deploy.md.`);
};

const text = (context: Context, name: (typeof DEPLOYMENT_CONTEXT)[number]): string | undefined => {
  const value = context(name);
  if (value === undefined || value === '') return undefined;
  return typeof value === 'string' ? value : refuse(`${name} must be text.`);
};

const oneOf = <Choice extends string>(name: string, value: string, choices: readonly Choice[]): Choice =>
  choices.find((choice) => choice === value) ?? refuse(`${name} must be one of ${choices.join(', ')}, not "${value}".`);

/** Two settings that mean nothing without each other. */
const both = (first: string | undefined, second: string | undefined, names: string): readonly [string, string] | undefined => {
  if (first === undefined && second === undefined) return undefined;
  return first !== undefined && second !== undefined ? [first, second] : refuse(`${names} go together.`);
};

const isOrigin = (value: string): boolean => URL.canParse(value) && new URL(value).origin === value;

const origins = (list: string | undefined): readonly string[] => {
  const found = (list ?? '').split(',').filter((origin) => origin !== '');
  const wrong = found.find((origin) => !isOrigin(origin));
  return wrong === undefined ? found : refuse(`appOrigins holds "${wrong}", which is not an origin such as https://learn.example.org.`);
};

const siteOf = (context: Context): Deployment['site'] => {
  const pair = both(text(context, 'domainName'), text(context, 'certificateArn'), 'domainName and certificateArn');
  if (pair === undefined) return undefined;
  const [domainName, certificateArn] = pair;
  if (!certificateArn.startsWith('arn:aws:acm:us-east-1:')) refuse('CloudFront takes its certificate from ACM in us-east-1 only.');
  return { domainName, certificateArn };
};

const identityProviderOf = (context: Context): Deployment['identityProvider'] => {
  const pair = both(text(context, 'oidcIssuer'), text(context, 'oidcAudience'), 'oidcIssuer and oidcAudience');
  return pair && { issuer: pair[0], audience: pair[1] };
};

/** @throws Error naming the setting, if the deployment could not work or its badges could not last. */
export const deploymentOf = (context: Context): Deployment => {
  const stage = oneOf('stage', text(context, 'stage') ?? 'dev', ['dev', 'prod']);
  const site = siteOf(context);
  if (stage === 'prod' && site === undefined)
    refuse('a badge carries its address for ever, so prod needs a domainName of your own and its certificateArn.');
  return {
    stage,
    site,
    identityProvider: identityProviderOf(context),
    malwareScan: oneOf('malwareScan', text(context, 'malwareScan') ?? 'none', ['guardduty', 'none']),
    appOrigins: origins(text(context, 'appOrigins')),
    webAclArn: text(context, 'webAclArn'),
    alarmEmail: text(context, 'alarmEmail'),
    tracing: oneOf('tracing', text(context, 'tracing') ?? 'off', ['on', 'off']) === 'on',
  };
};
