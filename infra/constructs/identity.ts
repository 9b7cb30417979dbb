/** Who may sign in: a Cognito user pool, unless the deployment brings an identity provider of its own. */
import { Duration, Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { accept } from './accept.ts';

/** What the API needs to believe a token. */
export interface Identity {
  readonly issuer: string;
  readonly audience: string;
}

interface IdentityProps {
  readonly deployment: Deployment;
  /** Addresses that a sign-in may return to. */
  readonly origins: readonly string[];
}

export const identity = (parent: Construct, { deployment, origins }: IdentityProps): Identity & { readonly userPoolId?: string } => {
  if (deployment.identityProvider !== undefined) return deployment.identityProvider;
  const scope = new Construct(parent, 'Identity');
  const pool = userPool(scope);
  const client = pool.addClient('Browser', {
    // Sign-in on Cognito's own page with a code and PKCE; the second flow needs AWS credentials, for the operator's terminal.
    authFlows: { userSrp: true, adminUserPassword: true },
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.PROFILE],
      callbackUrls: origins.map((origin) => `${origin}/`),
      logoutUrls: origins.map((origin) => `${origin}/`),
    },
    generateSecret: false,
    preventUserExistenceErrors: true,
    accessTokenValidity: Duration.hours(1),
    idTokenValidity: Duration.hours(1),
    refreshTokenValidity: Duration.days(30),
  });
  const { account } = Stack.of(scope);
  pool.addDomain('SignIn', { cognitoDomain: { domainPrefix: `assay-${deployment.stage}-${account}` } });
  return { issuer: pool.userPoolProviderUrl, audience: client.userPoolClientId, userPoolId: pool.userPoolId };
};

const userPool = (scope: Construct): cognito.UserPool => {
  const pool = new cognito.UserPool(scope, 'People', {
    featurePlan: cognito.FeaturePlan.ESSENTIALS,
    selfSignUpEnabled: false,
    signInAliases: { email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    standardAttributes: { email: { required: true, mutable: true }, fullname: { required: false, mutable: true } },
    passwordPolicy: { minLength: 14, requireLowercase: true, requireUppercase: true, requireDigits: true, requireSymbols: true },
    mfa: cognito.Mfa.OPTIONAL,
    mfaSecondFactor: { otp: true, sms: false },
    accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
    deletionProtection: true,
  });
  // Membership of an issuer is a group `{issuer}:{role}`, made when the issuer is; only this one belongs to the deployment.
  pool.addGroup('Operators', { groupName: 'operator', description: 'Run the deployment: register issuers' });
  accept(pool, 'COG2', 'A learner cannot be made to own a second device; docs/deploy.md asks it of operators and programme staff.');
  accept(
    pool,
    'COG8',
    'The Plus plan bills per user and month; a deployment that wants threat protection brings its own provider or turns it on.',
  );
  return pool;
};
