import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

export interface ConsoleStackProps extends StackProps {
  /** Of the deployment that the console is about: what its pages may talk to. */
  readonly httpHost: string;
  readonly socketHost: string;
}

const A_YEAR = Duration.days(365);

/**
 * The console as a static site: a bucket that only CloudFront reads, and a distribution. Its files come by `aws s3 sync`
 * (docs/console.md), so that no function needs the right to write them.
 */
export class ConsoleStack extends Stack {
  constructor(scope: Construct, id: string, { httpHost, socketHost, ...props }: ConsoleStackProps) {
    super(scope, id, props);
    const bucket = new Bucket(this, 'Files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN, // a bucket with files in it cannot be deleted, and they can be built again
    });
    acknowledge(bucket, { S1: 'CloudFront alone reads it: public files, built from public sources.' });

    const distribution = new Distribution(this, 'Site', {
      comment: `${this.stackName}: the console`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: this.#headers(httpHost, socketHost),
      },
    });
    const everywhere = 'Files without a secret: what they can do, the API allows by token.';
    acknowledge(distribution, {
      CFR1: everywhere,
      CFR2: everywhere,
      CFR3: 'Who called the API, its own access logs tell.',
      CFR4: "CloudFront's own name comes with its own certificate, whose least version of TLS cannot be chosen.",
    });

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    output('BucketName', bucket.bucketName, 'Where the files go: aws s3 sync dist/console');
    output('DistributionId', distribution.distributionId, 'To invalidate what is cached');
    output(
      'SiteUrl',
      `https://${distribution.distributionDomainName}`,
      'The console; add it to api.corsOrigins',
    );
  }

  /** As strict as the dev server's, and open to this deployment's API alone. */
  #headers(httpHost: string, socketHost: string): ResponseHeadersPolicy {
    const policy = [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `connect-src 'self' https://${httpHost} wss://${socketHost}`,
      "img-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types lit-html',
    ].join('; ');
    return new ResponseHeadersPolicy(this, 'Headers', {
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: policy, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: { accessControlMaxAge: A_YEAR, includeSubdomains: false, override: true },
      },
    });
  }
}
