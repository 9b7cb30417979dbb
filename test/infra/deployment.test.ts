import { describe, expect, it } from 'vitest';
import { deploymentOf } from '../../infra/deployment.ts';
import { PROD } from './production.ts';

const deploy = (context: Readonly<Record<string, unknown>>) => deploymentOf((name) => context[name]);

describe('what a deployment may choose', () => {
  it('is a development stage without any choice', () => {
    expect(deploy({})).toEqual({
      stage: 'dev',
      site: undefined,
      identityProvider: undefined,
      malwareScan: 'none',
      appOrigins: [],
      webAclArn: undefined,
      alarmEmail: undefined,
      tracing: false,
    });
  });

  it('takes every choice', () => {
    expect(deploy(PROD)).toMatchObject({
      stage: 'prod',
      site: { domainName: PROD.domainName, certificateArn: PROD.certificateArn },
      identityProvider: { issuer: PROD.oidcIssuer, audience: PROD.oidcAudience },
      malwareScan: 'guardduty',
      appOrigins: ['https://learn.example.org', 'https://mark.example.org'],
      tracing: true,
    });
  });

  it.each([
    ['production without a domain, since badges carry their address for ever', { stage: 'prod' }, /domainName/],
    ['a stage that it does not know', { stage: 'staging' }, /stage must be one of dev, prod/],
    ['a domain without its certificate', { domainName: 'badges.example.org' }, /go together/],
    ['a certificate that CloudFront cannot use', { ...PROD, certificateArn: 'arn:aws:acm:eu-west-1:1:certificate/x' }, /us-east-1/],
    ['an issuer of tokens without an audience', { oidcIssuer: 'https://id.example.org' }, /go together/],
    ['a scanner that it does not know', { malwareScan: 'clamav' }, /malwareScan must be one of/],
    ['an application origin with a path', { appOrigins: 'https://learn.example.org/app' }, /not an origin/],
    ['any origin at all as an application', { appOrigins: '*' }, /not an origin/],
    ['a setting that is not text', { domainName: 7 }, /must be text/],
  ])('refuses %s', (_, context, reason) => {
    expect(() => deploy(context)).toThrow(reason);
  });
});
