import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Duration, Validations } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { RestApiOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Bucket, BlockPublicAccess, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Deployment } from '../deployment.ts'
import type { Operations } from './operations.ts'
import { privateBucket } from './private-bucket.ts'

export interface PageProps {
  page: Deployment['page']
  rest: RestApi
  accessLogs: IBucket
  ops: Operations
}

/** Where the built page lies, if it has been built. */
export const pageFolder = fileURLToPath(new URL('../../dashboard/dist/', import.meta.url))
export const pageIsBuilt = (): boolean => existsSync(`${pageFolder}index.html`)

/** The page and the API under one host, so that the browser needs no cross-origin rules. */
export class Page extends Construct {
  readonly bucket: IBucket
  readonly url: string

  constructor(scope: Construct, id: string, props: PageProps) {
    super(scope, id)
    const { page, ops } = props
    this.bucket = privateBucket(this, 'PageBucket', {
      removalPolicy: ops.removalPolicy,
      accessLogs: props.accessLogs,
      lifecycleRules: [],
    })
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Telltale',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      enableLogging: true,
      logBucket: this.logBucket(ops),
      ...(page && {
        domainNames: [page.domain],
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', page.certificateArn),
      }),
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: this.headers(),
        compress: true,
      },
      additionalBehaviors: {
        '/v1/*': {
          origin: new RestApiOrigin(props.rest),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        },
      },
    })
    Validations.of(distribution).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'devices and people of one deployment may be in any country' },
      {
        id: 'AwsSolutions-CFR2',
        reason:
          'the files are public and static; the API behind has its own firewall, and CloudFront’s would need a stack in us-east-1',
      },
    )
    if (!page)
      Validations.of(distribution).acknowledge({
        id: 'AwsSolutions-CFR4',
        reason:
          'CloudFront’s own host name fixes the protocol; a domain of yours (page.domain) takes TLS 1.2 and up',
      })
    this.url = `https://${page?.domain ?? distribution.distributionDomainName}`
  }

  private headers(): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      securityHeadersBehavior: {
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(365),
          includeSubdomains: true,
          override: true,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        contentSecurityPolicy: {
          // Map tiles and workers come from the page itself; data: and blob: are what the map draws with.
          contentSecurityPolicy:
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; connect-src 'self' https://*.amazoncognito.com; frame-ancestors 'none'; base-uri 'none'",
          override: true,
        },
      },
    })
  }

  private logBucket(ops: Operations): IBucket {
    const bucket = new Bucket(this, 'Logs', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // AWS: CloudFront's standard logs still need access control lists.
      objectOwnership: ObjectOwnership.OBJECT_WRITER,
      lifecycleRules: [{ id: 'logs', expiration: Duration.days(ops.logDays) }],
      removalPolicy: ops.removalPolicy,
    })
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'this bucket takes the access logs of the page; logging it into itself would never end',
    })
    return bucket as IBucket
  }
}
