import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, describe, expect, it } from 'vitest';
import type { EnvironmentConfig } from '../../infra/config.ts';
import example from '../../infra/environments/example.ts';
import production from '../../infra/environments/production.ts';
import { aFanfareApp } from '../../infra/fanfare-app.ts';
import { synthesizeAll, testEnvironment } from '../../infra/synth.ts';
import { anEnvironment, OWN_DOMAIN, SMALL_PUSH, withoutBuild } from './templates.ts';

const everything = anEnvironment({
  data: {
    billing: { mode: 'provisioned', minUnits: 5, maxUnits: 100 },
    pointInTimeRecovery: true,
    deletionProtection: true,
  },
  messaging: { topicEncryption: 'customer-key' },
  tokens: { kind: 'secret' },
  api: {
    domain: OWN_DOMAIN,
  },
  console: true,
  observability: { alarmEmail: 'on-call@example.com', monthlyBudgetUsd: 50 },
});

const withPush = anEnvironment({ push: SMALL_PUSH });

const withAllOfPush = anEnvironment({
  data: { pointInTimeRecovery: true, deletionProtection: true },
  tokens: { kind: 'jwks', url: 'https://id.example.com/keys' },
  push: {
    apns: { secretName: 'fanfare/apns' },
    apnsSandbox: { secretName: 'fanfare/apns' },
    fcm: { secretName: 'fanfare/fcm' },
    webPush: { secretName: 'fanfare/vapid' },
    zones: 3,
    database: { multiAz: true, backupDays: 35 },
    cache: { kind: 'nodes', replicas: 0 },
  },
});

/** Each finding that nothing acknowledges, with where it is. */
const findingsOf = (app: ReturnType<typeof aFanfareApp>['app']): string[] =>
  new AwsSolutionsChecks()
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );

describe("AWS's rules for solutions", () => {
  it.each<[string, EnvironmentConfig]>([
    ['test', testEnvironment],
    ['example', example],
    ['production', production],
    ['everything', everything],
    ['push', withPush],
    ['all of push', withAllOfPush],
  ])('find nothing in %s', (_, config) => {
    expect(findingsOf(aFanfareApp({ config: withoutBuild(config) }).app)).toEqual([]);
  });

  it('would find a topic that takes what does not come by TLS', () => {
    const { app, stacks } = aFanfareApp({ config: testEnvironment });
    new Topic(stacks.messaging, 'Open');

    expect(findingsOf(app)).toEqual(['AwsSolutions-SNS3 Messaging/Open/Resource']);
  });
});

describe('a synthesis', () => {
  it('gives the same templates each time', () => {
    const [first, second] = [synthesizeAll(everything), synthesizeAll(everything)];

    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });

  it.each<[string, EnvironmentConfig]>([
    ['example', example],
    ['production', production],
    ['everything', everything],
    ['push', withPush],
  ])('of %s has no account and no region in it', (_, config) => {
    const text = JSON.stringify(synthesizeAll(withoutBuild(config)));

    expect(text).not.toMatch(/\b\d{12}\b/);
    expect(text).not.toMatch(/\b(us|eu|ap|sa|ca|me|af)-(north|south|east|west|central)\w*-\d\b/);
  });
});

describe('the app', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'fanfare-synth-'));
  afterAll(() => rmSync(outdir, { recursive: true }));

  it('writes every stack of the named environment, having found nothing wrong', () => {
    execFileSync(process.execPath, ['infra/app.ts'], {
      env: { ...process.env, FANFARE_ENVIRONMENT: 'test', CDK_OUTDIR: outdir },
      stdio: 'pipe',
    });

    expect(
      readdirSync(outdir)
        .filter(name => name.endsWith('.template.json'))
        .sort(),
    ).toEqual([
      'Api.template.json',
      'Compute.template.json',
      'Data.template.json',
      'Messaging.template.json',
      'Observability.template.json',
    ]);
  });

  it('names the environments that there are, when asked for another', () => {
    const synth = () =>
      execFileSync(process.execPath, ['infra/app.ts'], {
        env: { ...process.env, FANFARE_ENVIRONMENT: 'staging' },
        stdio: 'pipe',
      });

    expect(synth).toThrow('FANFARE_ENVIRONMENT: expected one of example, production, test, found staging');
  });
});
