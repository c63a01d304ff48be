import { Aws, Fn, RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from './config.ts';
import type { PushConfig } from './push-config.ts';

export interface NetworkProps {
  readonly config: EnvironmentConfig;
  readonly push: PushConfig;
  /** Whether some function has to reach what is no service of AWS. */
  readonly internet: boolean;
}

const ISOLATED: SubnetSelection = { subnetType: SubnetType.PRIVATE_ISOLATED };
const WITH_INTERNET: SubnetSelection = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };

const POSTGRES = 5432;
const VALKEY = 6379;

/** Services of AWS that functions within the network ask. Their logs Lambda takes itself, outside of it. */
const ENDPOINTS = {
  Sns: InterfaceVpcEndpointAwsService.SNS,
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  Secrets: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Scheduler: new InterfaceVpcEndpointAwsService('scheduler'),
};

/**
 * Where the database and the cache are, and the functions that talk to them. What is isolated reaches AWS's services by
 * endpoints and nothing else; there is a way to the internet only where a function needs one, for that function.
 */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly isolated = ISOLATED;
  /** Where a function is put that has to reach the internet; the isolated ones where none has to. */
  readonly outgoing: SubnetSelection;
  /** Functions that use the database by its proxy, and the cache. */
  readonly functions: SecurityGroup;
  /** The one function that uses the database itself. */
  readonly migration: SecurityGroup;
  readonly proxy: SecurityGroup;
  readonly database: SecurityGroup;
  readonly cache: SecurityGroup;
  readonly #endpoints: SecurityGroup;

  constructor(scope: Construct, id: string, { config, push, internet }: NetworkProps) {
    super(scope, id);
    this.outgoing = internet ? WITH_INTERNET : ISOLATED;
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.73.0.0/20'),
      availabilityZones: zonesOf(push.zones),
      natGateways: internet ? 1 : 0,
      subnetConfiguration: [
        { name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
        ...(internet
          ? [
              { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
              { name: 'outgoing', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
            ]
          : []),
      ],
      restrictDefaultSecurityGroup: false,
    });
    this.#logWhatIsRefused(config);

    const group = (name: string, description: string) =>
      new SecurityGroup(this, name, { vpc: this.vpc, description, allowAllOutbound: false });
    this.functions = group('Functions', 'Functions that use the database and the cache');
    this.migration = group('Migration', 'The function that changes the schema');
    this.proxy = group('Proxy', 'RDS Proxy');
    this.database = group('Database', 'PostgreSQL');
    this.cache = group('Cache', 'Valkey');
    this.#endpoints = group('Endpoints', 'Endpoints of services of AWS');
    this.#connect();
    this.#reachServices();
  }

  /** @param outgoing for a function that has to reach the internet, if there is a way to it */
  placeOf(group: SecurityGroup, outgoing = false): Place {
    return { vpc: this.vpc, subnets: outgoing ? this.outgoing : this.isolated, group };
  }

  /** The way from the proxy to the database is the CDK's to make. */
  #connect(): void {
    const lead = (from: SecurityGroup, to: SecurityGroup, port: number, what: string): void => {
      from.addEgressRule(to, Port.tcp(port), what);
      to.addIngressRule(from, Port.tcp(port), what);
    };
    lead(this.functions, this.proxy, POSTGRES, 'SQL by the proxy');
    lead(this.functions, this.cache, VALKEY, 'The cache');
    lead(this.migration, this.database, POSTGRES, 'Changes of the schema');
    for (const group of [this.functions, this.migration]) {
      this.#endpoints.addIngressRule(group, Port.tcp(443), 'Services of AWS');
      // Gateway endpoints have public addresses, of which only a list is known that differs in each region. The
      // isolated subnets have no route to any other.
      group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'Services of AWS, by endpoints');
    }
  }

  #reachServices(): void {
    this.vpc.addGatewayEndpoint('DynamoDb', { service: GatewayVpcEndpointAwsService.DYNAMODB });
    // A custom resource answers CloudFormation by a signed address in this bucket, and nothing here needs another.
    const answers = Fn.join('', [
      `arn:${Aws.PARTITION}:s3:::cloudformation-custom-resource-response-`,
      Fn.join('', Fn.split('-', Aws.REGION)),
      '/*',
    ]);
    this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 }).addToPolicy(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [answers],
      }),
    );
    for (const [name, service] of Object.entries(ENDPOINTS)) {
      this.vpc.addInterfaceEndpoint(name, {
        service,
        subnets: ISOLATED,
        securityGroups: [this.#endpoints],
        open: false,
      });
    }
  }

  /** What somebody tried and may not: there should be none of it. */
  #logWhatIsRefused({ functions }: EnvironmentConfig): void {
    const logGroup = new LogGroup(this, 'Refused', {
      retention: functions.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'RefusedRole', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com'),
    });
    this.vpc.addFlowLog('RefusedLog', {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup, role),
      trafficType: FlowLogTrafficType.REJECT,
    });
  }
}

/** Where a function is within the network, and as whom. */
export interface Place {
  readonly vpc: Vpc;
  readonly subnets: SubnetSelection;
  readonly group: SecurityGroup;
}

/** The first ones of whatever region it is deployed to, without asking which there are. */
const zonesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => Fn.select(index, Fn.getAzs()));
