import { describe, expect, it } from 'vitest';
import { synthesizeAll } from '../../infra/synth.ts';
import { anEnvironment, OWN_DOMAIN, outputsOf, resource, resourcesOf, statementsOf } from './templates.ts';

const templates = synthesizeAll(anEnvironment({ console: true, api: { domain: OWN_DOMAIN } }));
const site = templates.console ?? {};

const DISTRIBUTION = 'AWS::CloudFront::Distribution';

interface DistributionConfig {
  readonly DefaultCacheBehavior: Readonly<Record<string, unknown>>;
  readonly Origins: readonly Readonly<Record<string, unknown>>[];
}

describe('the console as a static site', () => {
  it('is there only where it is asked for', () => {
    expect(synthesizeAll(anEnvironment()).console).toBeUndefined();
    expect(templates.console).toBeDefined();
  });

  it('keeps its files where nobody but its distribution reads them, and nobody writes', () => {
    expect(resource(site, 'AWS::S3::Bucket', 'Files').Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: expect.anything(),
    });
    const allowed = statementsOf(site).filter(({ statement }) => statement.Effect === 'Allow');
    expect(allowed.map(({ statement }) => [statement.Action, statement.Principal])).toEqual([
      ['s3:GetObject', { Service: 'cloudfront.amazonaws.com' }],
    ]);
    expect(allowed[0]?.statement).toHaveProperty('Condition.StringEquals.AWS:SourceArn');
    const denied = statementsOf(site).filter(({ statement }) => statement.Effect === 'Deny');
    expect(denied[0]?.statement).toMatchObject({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(resourcesOf(site, 'AWS::IAM::Role')).toEqual({});
    expect(resourcesOf(site, 'AWS::Lambda::Function')).toEqual({});
  });

  it('is handed out by HTTPS, and its origin signed for', () => {
    const { DistributionConfig } = resource(site, DISTRIBUTION, 'Site').Properties as {
      DistributionConfig: DistributionConfig;
    };
    expect(DistributionConfig).toMatchObject({ DefaultRootObject: 'index.html', Enabled: true });
    expect(DistributionConfig.DefaultCacheBehavior).toMatchObject({
      ViewerProtocolPolicy: 'redirect-to-https',
      AllowedMethods: ['GET', 'HEAD'],
    });
    expect(DistributionConfig.Origins).toHaveLength(1);
    expect(DistributionConfig.Origins[0]).toHaveProperty('OriginAccessControlId');
  });

  it("may talk to this deployment's API alone, and run no script but its own", () => {
    const { Properties } = resource(site, 'AWS::CloudFront::ResponseHeadersPolicy', 'Headers');
    const headers = JSON.stringify(Properties);
    expect(headers).toContain("connect-src 'self' https://api.example.com wss://live.example.com;");
    expect(headers).toContain("script-src 'self';");
    expect(headers).not.toContain('unsafe-inline');
  });

  it('tells where its files go, and where it is', () => {
    expect(outputsOf(site)).toEqual(expect.arrayContaining(['BucketName', 'DistributionId', 'SiteUrl']));
  });
});
