import { ApiMapping, DomainName, type IApi, type IStage, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AaaaRecord,
  ARecord,
  type IHostedZone,
  PublicHostedZone,
  RecordTarget,
} from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';

interface Mapped {
  readonly api: IApi;
  readonly stage: IStage;
  readonly path?: string;
}

export interface OwnDomainProps {
  readonly zoneName: string;
  readonly hostedZoneId: string;
  readonly socketHost: string;
  readonly httpHost: string;
  readonly socket: Mapped;
  readonly http: Mapped;
}

/** Two names, since API Gateway puts no WebSocket API beside an HTTP API, with one certificate, from TLS 1.2 on. */
export class OwnDomain extends Construct {
  constructor(scope: Construct, id: string, props: OwnDomainProps) {
    super(scope, id);
    const { zoneName, hostedZoneId, socketHost, httpHost } = props;
    const zone = PublicHostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId });
    const certificate = new Certificate(this, 'Certificate', {
      domainName: httpHost,
      subjectAlternativeNames: [socketHost],
      validation: CertificateValidation.fromDns(zone),
    });
    aName(this, 'Socket', { host: socketHost, zone, certificate, mapped: props.socket });
    aName(this, 'Http', { host: httpHost, zone, certificate, mapped: props.http });
  }
}

const aName = (
  scope: Construct,
  id: string,
  options: {
    readonly host: string;
    readonly zone: IHostedZone;
    readonly certificate: Certificate;
    readonly mapped: Mapped;
  },
): void => {
  const { host, zone, certificate, mapped } = options;
  const domainName = new DomainName(scope, `${id}Name`, {
    domainName: host,
    certificate,
    securityPolicy: SecurityPolicy.TLS_1_2,
  });
  new ApiMapping(scope, `${id}Mapping`, {
    domainName,
    api: mapped.api,
    stage: mapped.stage,
    apiMappingKey: mapped.path,
  });
  const { regionalDomainName, regionalHostedZoneId } = domainName;
  const target = RecordTarget.fromAlias(
    new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId),
  );
  // Absolute, or the zone's name would be put behind it.
  new ARecord(scope, `${id}Ipv4`, { zone, recordName: `${host}.`, target });
  new AaaaRecord(scope, `${id}Ipv6`, { zone, recordName: `${host}.`, target });
};
