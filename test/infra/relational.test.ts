import { describe, expect, it } from 'vitest';
import type { Template } from '../../infra/synth.ts';
import { synthesizeAll } from '../../infra/synth.ts';
import { MIGRATION_NAMES } from '../../src/adapters/postgres/migrate.ts';
import { pushStacks } from './push-stacks.ts';
import { anEnvironment, listed, resource, resourcesOf, SMALL_PUSH, statementsOf } from './templates.ts';

const { relational, schema } = pushStacks();

describe('an environment without push', () => {
  it('has no network, no database and no cache, and is what it was', () => {
    const without = synthesizeAll(anEnvironment());

    expect(Object.keys(without)).toEqual(['data', 'messaging', 'compute', 'api', 'observability']);
    expect(JSON.stringify(without)).not.toMatch(/AWS::(EC2|RDS|ElastiCache|Scheduler)|VpcConfig/);
    expect(synthesizeAll(anEnvironment({ push: false }))).toEqual(without);
  });
});

describe('PostgreSQL', () => {
  const instanceOf = (template: Template) => resource(template, 'AWS::RDS::DBInstance', 'DatabaseInstance');

  it('is encrypted, backed up, not public, and has a password that RDS keeps and changes', () => {
    const { Properties } = instanceOf(relational);

    expect(Properties).toMatchObject({
      Engine: 'postgres',
      EngineVersion: '17',
      StorageEncrypted: true,
      BackupRetentionPeriod: 7,
      PubliclyAccessible: false,
      MultiAZ: false,
      ManageMasterUserPassword: true,
      EnableIAMDatabaseAuthentication: true,
    });
    expect(Properties).not.toHaveProperty('MasterUserPassword');
  });

  it('takes nothing but TLS', () => {
    expect(resource(relational, 'AWS::RDS::DBParameterGroup', 'DatabaseParameters').Properties).toMatchObject(
      { Parameters: { 'rds.force_ssl': '1' } },
    );
  });

  it('is kept, and has a standby, where its environment says so', () => {
    const kept = pushStacks({
      data: { pointInTimeRecovery: true, deletionProtection: true },
      push: { database: { multiAz: true, backupDays: 35, storageGb: 100, instanceType: 'r8g.large' } },
    }).relational;

    expect(instanceOf(kept)).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        DeletionProtection: true,
        MultiAZ: true,
        BackupRetentionPeriod: 35,
        AllocatedStorage: '100',
        MaxAllocatedStorage: 500,
        DBInstanceClass: 'db.r8g.large',
      },
    });
  });

  it('is lent by a proxy that knows no password, takes TLS alone and a token of IAM', () => {
    const { Properties } = resource(relational, 'AWS::RDS::DBProxy', 'DatabaseProxy');

    expect(Properties).toMatchObject({
      DBProxyName: 'fanfare-test',
      RequireTLS: true,
      DefaultAuthScheme: 'IAM_AUTH',
    });
    expect(Properties).not.toHaveProperty('Auth');
  });

  it('is signed in to by the proxy as the role of functions alone', () => {
    const [policy] = statementsOf(relational).filter(({ name }) => name === 'DatabaseProxyRoleDefaultPolicy');

    expect(policy?.statement.Action).toBe('rds-db:connect');
    expect(JSON.stringify(policy?.statement.Resource)).toMatch(/DbiResourceId.*\/fanfare_app"/);
  });
});

describe('Valkey', () => {
  const USER = 'AWS::ElastiCache::User';
  const nodes = pushStacks({ push: { ...SMALL_PUSH, cache: { kind: 'nodes' } } }).relational;

  it('is serverless unless told, and has a bound', () => {
    expect(
      resource(relational, 'AWS::ElastiCache::ServerlessCache', 'ValkeyServerless').Properties,
    ).toMatchObject({
      Engine: 'valkey',
      CacheUsageLimits: { DataStorage: { Maximum: 1, Unit: 'GB' } },
      UserGroupId: expect.anything(),
    });
  });

  it('has nodes that speak TLS alone and encrypt what they keep, where they are asked for', () => {
    expect(resource(nodes, 'AWS::ElastiCache::ReplicationGroup', 'ValkeyNodes').Properties).toMatchObject({
      Engine: 'valkey',
      CacheNodeType: 'cache.t4g.micro',
      TransitEncryptionEnabled: true,
      TransitEncryptionMode: 'required',
      AtRestEncryptionEnabled: true,
      ReplicasPerNodeGroup: 1,
      MultiAZEnabled: true,
      UserGroupIds: [expect.anything()],
    });
    expect(resourcesOf(nodes, 'AWS::ElastiCache::ServerlessCache')).toEqual({});
  });

  it('has one primary for every key, since a cluster of nodes would redirect', () => {
    const { Properties } = resource(nodes, 'AWS::ElastiCache::ReplicationGroup', 'ValkeyNodes');

    expect(Properties).toMatchObject({
      NumNodeGroups: 1,
      ClusterMode: 'disabled',
      CacheParameterGroupName: 'default.valkey8',
    });
  });

  it('lets its one user in by a password that the template only refers to', () => {
    const { Properties } = resource(relational, USER, 'ValkeyUser');

    expect(Object.keys(resourcesOf(relational, USER))).toEqual(['ValkeyUser']);
    expect(JSON.stringify(Properties.AuthenticationMode)).toMatch(/\{\{resolve:secretsmanager:/);
    expect(Properties.AccessString).toMatch(/-@admin -@dangerous/);
  });
});

describe('the schema', () => {
  it('is brought up to date by a deployment whenever it has other migrations, or another database', () => {
    expect(resource(schema, 'Custom::FanfareSchema', 'Schema').Properties).toMatchObject({
      Migrations: MIGRATION_NAMES,
      Database: { 'Fn::ImportValue': expect.stringContaining('DbiResourceId') },
      ServiceTimeout: '600',
    });
  });

  it('is changed by a function within the network that trusts what RDS signs with', () => {
    expect(resource(schema, 'AWS::Lambda::Function', 'MigrateFunction').Properties).toMatchObject({
      Timeout: 600,
      VpcConfig: { SecurityGroupIds: [{ 'Fn::ImportValue': expect.stringContaining('NetworkMigration') }] },
      Environment: {
        Variables: {
          FANFARE_POSTGRES_SIGN_IN: 'secret',
          FANFARE_POSTGRES_ROLE: 'fanfare_app',
          NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
        },
      },
    });
  });

  it("may be changed by nobody else: its function reads the owner's password, and does nothing but that", () => {
    const statements = statementsOf(schema).filter(({ name }) => name === 'MigrateRoleDefaultPolicy');
    const allowed = statements.filter(({ statement }) => statement.Effect === 'Allow');

    expect(allowed.flatMap(({ statement }) => listed(statement.Action)).sort()).toEqual([
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
    ]);
  });

  it('is not changed by a function that could make network interfaces itself', () => {
    const denied = statementsOf(schema).filter(({ statement }) => statement.Effect === 'Deny');

    expect(denied.map(({ statement }) => statement)).toEqual([
      expect.objectContaining({
        Action: expect.arrayContaining(['ec2:CreateNetworkInterface']),
        Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } },
      }),
    ]);
  });

  it('is alone in its stack with its function, so that nothing fails after it', () => {
    const types = Object.values((schema as { Resources: Record<string, { Type: string }> }).Resources);

    expect(types.map(({ Type }) => Type).sort()).toEqual([
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::Function',
      'AWS::Logs::LogGroup',
      'Custom::FanfareSchema',
    ]);
  });
});
