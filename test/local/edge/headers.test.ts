/** A page behaves on one machine as in the cloud only if the edge puts the same headers on it. */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { apiHeaders, fileHeaders } from '../../../infra/constructs/response-headers.ts';
import { API_HEADERS, FILE_HEADERS } from '../../../local/aws/edge/headers.ts';
import { TEST_CERTIFICATE } from './fixture-certificate.ts';
import { openSite, type Site } from './site.ts';

const Items = z.object({ Items: z.array(z.string()) });

const Policy = z.strictObject({
  Name: z.string(),
  Comment: z.string(),
  SecurityHeadersConfig: z.strictObject({
    ContentSecurityPolicy: z.object({ ContentSecurityPolicy: z.string() }),
    ContentTypeOptions: z.object({ Override: z.literal(true) }),
    FrameOptions: z.object({ FrameOption: z.string() }),
    ReferrerPolicy: z.object({ ReferrerPolicy: z.string() }),
    StrictTransportSecurity: z.strictObject({
      AccessControlMaxAgeSec: z.number(),
      IncludeSubdomains: z.literal(true),
      Override: z.literal(true),
    }),
  }),
  CorsConfig: z
    .strictObject({
      AccessControlAllowCredentials: z.literal(false),
      AccessControlAllowHeaders: Items,
      AccessControlAllowMethods: Items,
      AccessControlAllowOrigins: Items,
      OriginOverride: z.literal(true),
    })
    .optional(),
});

/** Headers that CloudFront makes of the policy. */
const deployed = (build: typeof fileHeaders): Record<string, string> => {
  const stack = new Stack(new App(), 'Headers');
  build(stack);
  const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::CloudFront::ResponseHeadersPolicy'));
  const { SecurityHeadersConfig: security, CorsConfig: cors } = Policy.parse(resource?.Properties.ResponseHeadersPolicyConfig);
  return {
    'strict-transport-security': `max-age=${security.StrictTransportSecurity.AccessControlMaxAgeSec}; includeSubDomains`,
    'x-content-type-options': 'nosniff',
    'x-frame-options': security.FrameOptions.FrameOption,
    'referrer-policy': security.ReferrerPolicy.ReferrerPolicy,
    'content-security-policy': security.ContentSecurityPolicy.ContentSecurityPolicy,
    ...(cors && {
      'access-control-allow-origin': cors.AccessControlAllowOrigins.Items.join(', '),
      'access-control-allow-methods': cors.AccessControlAllowMethods.Items.join(', '),
      'access-control-allow-headers': cors.AccessControlAllowHeaders.Items.join(', '),
    }),
  };
};

let site: Site;
beforeAll(async () => {
  site = await openSite({}, { tls: TEST_CERTIFICATE });
});
afterAll(() => site.close());

describe('the edge of one machine and CloudFront put the same headers', () => {
  it('on public files', () => {
    expect(FILE_HEADERS).toEqual(deployed(fileHeaders));
  });

  it('on the API', () => {
    expect(API_HEADERS).toEqual(deployed(apiHeaders));
  });

  it.each([
    ['a file', '/c/abc.json', FILE_HEADERS],
    ['a page', '/c/abc', FILE_HEADERS],
    ['the page of what is missing', '/c/none', FILE_HEADERS],
    ['the API', '/v1/x', API_HEADERS],
    ['health', '/health', API_HEADERS],
  ])('and %s arrives with them', async (_what, path, headers) => {
    expect((await site.send(path, { secure: true })).headers).toMatchObject(headers);
  });

  it('transport security is not asked for over plain HTTP, as RFC 6797 forbids', async () => {
    const { headers } = await site.send('/c/abc');
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY' });
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('sign-in pages may have forms, so the policy for their content is their own', async () => {
    const { headers } = await site.send('/oidc/x');
    expect([headers['x-frame-options'], headers['content-security-policy']]).toEqual(['DENY', undefined]);
  });
});
