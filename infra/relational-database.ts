import { Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CaCertificate,
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseProxy,
  DefaultAuthScheme,
  ParameterGroup,
  PostgresEngineVersion,
  ProxyTarget,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { EnvironmentConfig } from './config.ts';
import type { Network } from './network.ts';
import { allowConnect } from './permissions.ts';
import type { PushConfig } from './push-config.ts';

/** Who the functions are to the database; `migrate` makes this role, and gives it no more than rows. */
export const DATABASE_ROLE = 'fanfare_app';

export const DATABASE_NAME = 'fanfare';

/** Storage may grow to so many times of what it begins with. */
const GROWTH = 5;

export interface RelationalDatabaseProps {
  readonly config: EnvironmentConfig;
  readonly push: PushConfig;
  readonly network: Network;
}

/**
 * PostgreSQL, and the proxy that lends its few connections to many functions. Functions sign in by IAM, at the proxy and
 * through it; the owner's password is made, kept and changed every week by RDS, for the migrations alone.
 */
export class RelationalDatabase extends Construct {
  readonly instance: DatabaseInstance;
  readonly proxy: DatabaseProxy;
  /** Of the owner's name and password, which RDS keeps. */
  readonly ownerSecretArn: string;

  constructor(scope: Construct, id: string, props: RelationalDatabaseProps) {
    super(scope, id);
    this.instance = this.#anInstance(props);
    this.ownerSecretArn = this.instance.secret?.secretArn ?? '';
    this.proxy = this.#aProxy(props);
  }

  /** What a function is told that reaches the database by the proxy. */
  get environment() {
    return {
      FANFARE_POSTGRES_URL: `postgres://${DATABASE_ROLE}@${this.proxy.endpoint}:5432/${DATABASE_NAME}`,
      FANFARE_POSTGRES_SIGN_IN: 'iam',
    };
  }

  /** To sign in to the proxy. */
  allow(role: Role): void {
    const [, , , , , , proxyId = ''] = Fn.split(':', this.proxy.dbProxyArn, 7);
    allowConnect(role, Stack.of(role), proxyId, DATABASE_ROLE);
  }

  #anInstance({ config, push, network }: RelationalDatabaseProps): DatabaseInstance {
    const { instanceType, multiAz, storageGb, backupDays } = push.database;
    const keep = config.data.deletionProtection;
    const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of('17', '17') });
    const instance = new DatabaseInstance(this, 'Instance', {
      engine,
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine,
        description: `Fanfare ${config.stage}`,
        parameters: { 'rds.force_ssl': '1', log_min_duration_statement: '1000' },
      }),
      databaseName: DATABASE_NAME,
      credentials: Credentials.fromUsername('fanfare_owner'),
      manageMasterUserPassword: true,
      iamAuthentication: true,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      vpc: network.vpc,
      vpcSubnets: network.isolated,
      securityGroups: [network.database],
      instanceType: new InstanceType(instanceType),
      multiAz,
      allocatedStorage: storageGb,
      maxAllocatedStorage: GROWTH * storageGb,
      storageType: StorageType.GP3,
      storageEncrypted: true,
      backupRetention: Duration.days(backupDays),
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: true,
      deletionProtection: keep,
      removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(instance, {
      RDS11:
        'Its port is reached by the proxy and by the migrations alone; another number would hide nothing.',
      ...(multiAz ? {} : { RDS3: "Switched off in the environment's file, for who can wait for a restore." }),
      ...(keep
        ? {}
        : { RDS10: "Switched off in the environment's file, for data that nobody would restore." }),
    });
    return instance;
  }

  #aProxy({ config, network }: RelationalDatabaseProps): DatabaseProxy {
    const role = new Role(this, 'ProxyRole', { assumedBy: new ServicePrincipal('rds.amazonaws.com') });
    allowConnect(role, Stack.of(this), this.instance.instanceResourceId ?? '', DATABASE_ROLE);
    const proxy = new DatabaseProxy(this, 'Proxy', {
      dbProxyName: `fanfare-${config.stage}`,
      proxyTarget: ProxyTarget.fromInstance(this.instance),
      defaultAuthScheme: DefaultAuthScheme.IAM_AUTH,
      requireTLS: true,
      role,
      vpc: network.vpc,
      vpcSubnets: network.isolated,
      securityGroups: [network.proxy],
      // Shorter than a function waits for a connection, so that it hears why.
      borrowTimeout: Duration.seconds(2),
    });
    // Its target needs a password or a right to sign in before it can be reached.
    proxy.node.addDependency(role);
    return proxy;
  }
}
