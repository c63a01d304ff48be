import {
  CfnReplicationGroup,
  CfnServerlessCache,
  CfnSubnetGroup,
  CfnUser,
  CfnUserGroup,
} from 'aws-cdk-lib/aws-elasticache';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { EnvironmentConfig } from './config.ts';
import type { Network } from './network.ts';
import type { PushConfig } from './push-config.ts';

const USER_NAME = 'fanfare';

/** All but what looks at, changes or empties the server as a whole; `INFO` tells a client that it is ready. */
export const ACCESS = 'on ~* &* +@all -@admin -@dangerous +info';

export interface ValkeyProps {
  readonly config: EnvironmentConfig;
  readonly push: PushConfig;
  readonly network: Network;
}

/** What may be forgotten: a cache and rate limits. By TLS, and by a password that Secrets Manager keeps. */
export class Valkey extends Construct {
  readonly host: string;
  readonly port: string;
  readonly password: Secret;
  /** As its metrics name it. */
  readonly dimensions: Readonly<Record<string, string>>;

  /** What a function is told that uses the cache. */
  get environment() {
    return {
      FANFARE_VALKEY_URL: `valkeys://${USER_NAME}@${this.host}:${this.port}`,
      FANFARE_VALKEY_SECRET_ARN: this.password.secretArn,
    };
  }

  constructor(scope: Construct, id: string, { config, push, network }: ValkeyProps) {
    super(scope, id);
    this.password = new Secret(this, 'Password', {
      description: `The password of the cache of Fanfare ${config.stage}`,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    acknowledge(this.password, {
      SMG4: 'Reached from within the network alone; a new one is put in place by a deployment (docs/deploy.md).',
    });
    const name = `fanfare-${config.stage}`;
    const user = new CfnUser(this, 'User', {
      engine: 'valkey',
      userId: name,
      userName: USER_NAME,
      accessString: ACCESS,
      // A reference, which CloudFormation follows as it deploys.
      authenticationMode: { Type: 'password', Passwords: [this.password.secretValue.unsafeUnwrap()] },
    });
    const users = new CfnUserGroup(this, 'Users', {
      engine: 'valkey',
      userGroupId: name,
      userIds: [user.ref],
    });
    const subnetIds = network.vpc.selectSubnets(network.isolated).subnetIds;
    const securityGroupIds = [network.cache.securityGroupId];

    const { cache } = push;
    if (cache.kind === 'serverless') {
      const made = new CfnServerlessCache(this, 'Serverless', {
        engine: 'valkey',
        majorEngineVersion: '8',
        serverlessCacheName: name,
        cacheUsageLimits: { dataStorage: { maximum: cache.maxGb, unit: 'GB' } },
        userGroupId: users.ref,
        subnetIds,
        securityGroupIds,
      });
      this.host = made.attrEndpointAddress;
      this.port = made.attrEndpointPort;
      this.dimensions = { clusterId: name };
      return;
    }
    const subnets = new CfnSubnetGroup(this, 'Subnets', {
      description: `Fanfare ${config.stage}`,
      subnetIds,
    });
    const made = new CfnReplicationGroup(this, 'Nodes', {
      engine: 'valkey',
      engineVersion: '8.0',
      // Both said, so that no default makes it a cluster: its nodes would redirect, which our client does not follow.
      clusterMode: 'disabled',
      cacheParameterGroupName: 'default.valkey8',
      replicationGroupDescription: `Fanfare ${config.stage}`,
      replicationGroupId: name,
      cacheNodeType: `cache.${cache.nodeType}`,
      numNodeGroups: 1,
      replicasPerNodeGroup: cache.replicas,
      automaticFailoverEnabled: cache.replicas > 0,
      multiAzEnabled: cache.replicas > 0,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: true,
      userGroupIds: [users.ref],
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds,
    });
    this.host = made.attrPrimaryEndPointAddress;
    this.port = made.attrPrimaryEndPointPort;
    this.dimensions = { CacheClusterId: `${name}-001` };
    acknowledge(made, {
      AEC6: 'A password of its user, which says what that may do, takes the place of one for all.',
      AEC5: 'Its port is reached by the functions alone; another number would hide nothing.',
      ...(cache.replicas > 0
        ? {}
        : { AEC4: 'What it keeps may be forgotten; the service goes on without it.' }),
    });
  }
}
