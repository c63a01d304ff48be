import { describe, expect, it } from 'vitest';
import type { Template } from '../../infra/synth.ts';
import { pushStacks } from './push-stacks.ts';
import { resource, resourcesOf, statementsOf } from './templates.ts';

const { relational } = pushStacks();
const jwks = pushStacks({ tokens: { kind: 'jwks', url: 'https://id.example.com/keys' } }).relational;

/** Who may talk to whom: `from > to: port`, by the names of security groups. */
const rulesOf = (template: Template, type: 'Ingress' | 'Egress'): string[] => {
  const nameOf = (group: unknown): string => /Network([A-Z][a-z]+)/.exec(JSON.stringify(group))?.[1] ?? '?';
  return Object.values(resourcesOf(template, `AWS::EC2::SecurityGroup${type}`)).map(({ Properties }) => {
    const other = Properties.SourceSecurityGroupId ?? Properties.DestinationSecurityGroupId;
    const [from, to] = type === 'Ingress' ? [other, Properties.GroupId] : [Properties.GroupId, other];
    const port = typeof Properties.ToPort === 'number' ? Properties.ToPort : 'its port';
    return `${nameOf(from)} > ${nameOf(to)}: ${port}`;
  });
};

describe('the network', () => {
  it('has isolated subnets in two zones, and no way to the internet', () => {
    const subnets = Object.values(resourcesOf(relational, 'AWS::EC2::Subnet'));

    expect(subnets).toHaveLength(2);
    for (const { Properties } of subnets) expect(Properties).toMatchObject({ MapPublicIpOnLaunch: false });
    for (const type of ['NatGateway', 'InternetGateway', 'EIP', 'Route'])
      expect(resourcesOf(relational, `AWS::EC2::${type}`)).toEqual({});
  });

  it('has one way to the internet where the keys of an identity provider are there', () => {
    expect(Object.keys(resourcesOf(jwks, 'AWS::EC2::NatGateway'))).toHaveLength(1);
  });

  it('reaches the services that functions ask by endpoints', () => {
    const services = Object.values(resourcesOf(relational, 'AWS::EC2::VPCEndpoint')).map(({ Properties }) =>
      JSON.stringify(Properties.ServiceName).replace(/^.*"\.(\w+)".*$/, '$1'),
    );

    expect(services.sort()).toEqual(['dynamodb', 's3', 'scheduler', 'secretsmanager', 'sns', 'sqs']);
  });

  it("lets nothing be put into any bucket but the one for CloudFormation's answers", () => {
    const statements = statementsOf(relational).filter(({ name }) => name === 'NetworkVpcS3');

    expect(statements.map(({ statement }) => statement.Action)).toEqual(['s3:PutObject']);
    expect(JSON.stringify(statements)).toContain(':s3:::cloudformation-custom-resource-response-');
  });

  it('leads who talks to each other together, and nobody else', () => {
    const expected = [
      'Functions > Cache: 6379',
      'Functions > Proxy: 5432',
      'Migration > Database: 5432',
      'Proxy > Database: its port',
    ];

    expect(rulesOf(relational, 'Egress').sort()).toEqual(expected);
    expect(rulesOf(relational, 'Ingress').sort()).toEqual(
      [...expected, 'Functions > Endpoints: 443', 'Migration > Endpoints: 443'].sort(),
    );
  });

  it('lets no group take what comes from an address', () => {
    for (const [name, { Properties }] of Object.entries(resourcesOf(relational, 'AWS::EC2::SecurityGroup'))) {
      expect(Properties, name).not.toHaveProperty('SecurityGroupIngress');
    }
  });

  it('logs what it refuses', () => {
    expect(resource(relational, 'AWS::EC2::FlowLog', 'NetworkVpcRefusedLogFlowLog').Properties).toMatchObject(
      { TrafficType: 'REJECT', LogDestinationType: 'cloud-watch-logs' },
    );
  });
});
