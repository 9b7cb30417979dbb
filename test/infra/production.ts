/** Every choice taken the other way than by default. */
export const PROD = {
  stage: 'prod',
  domainName: 'badges.example.org',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/example',
  oidcIssuer: 'https://id.example.org',
  oidcAudience: 'assay',
  malwareScan: 'guardduty',
  appOrigins: 'https://learn.example.org,https://mark.example.org',
  webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/example/1',
  alarmEmail: 'operator@example.org',
  tracing: 'on',
} as const;
