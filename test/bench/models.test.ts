import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { broadcastTime, DEFAULTS } from '../../bench/aws/broadcast-model.ts';
import { ALARMS, costTable, monthlyCost, PRICES } from '../../bench/aws/cost-model.ts';
import { pushCostTable } from '../../bench/aws/push-cost-model.ts';
import { defineEnvironment } from '../../infra/define-environment.ts';
import { synthesizeAll } from '../../infra/synth.ts';
import { AWS_DELIVERY_POLICY } from '../../src/composition/aws-policy.ts';
import { anEnvironment, resourcesOf } from '../infra/templates.ts';

const docs = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** Rows of a Markdown table, without the padding that a formatter gives them. */
const rowsOf = (text: string): string[] =>
  text
    .split('\n')
    .filter(line => line.startsWith('|') && !/^[|:\- ]+$/.test(line))
    .map(line => line.replaceAll(/ +/g, ' '));

describe('The model of a broadcast', () => {
  test('goes by the defaults that are deployed', () => {
    const { functions } = defineEnvironment({
      stage: 'model',
      data: { pointInTimeRecovery: false, deletionProtection: false },
    });
    expect(DEFAULTS).toMatchObject({
      deliverConcurrency: functions.deliverConcurrency,
      postConcurrency: functions.postConcurrency,
      membersPerRead: AWS_DELIVERY_POLICY.readMembers,
      membersPerJob: AWS_DELIVERY_POLICY.pageSize,
      jobsPerBatch: AWS_DELIVERY_POLICY.handedJobs,
      batchesUnderWay: AWS_DELIVERY_POLICY.handsUnderWay,
    });
  });

  test('is limited by the posts under way, then by the processor, then by the quota, then by planning', () => {
    const limit = (change: object) => broadcastTime({ ...DEFAULTS, receivers: 1_000_000, ...change }).limit;
    expect(limit({})).toBe('posts under way');
    expect(limit({ deliverConcurrency: 2, postConcurrency: 1_000, cpuPerPost: 300 })).toBe('processor time');
    expect(limit({ deliverConcurrency: 100 })).toBe('the quota');
    expect(limit({ readMs: 1_000 })).toBe('planning');
  });

  test('has planning done within the time that a fan-out has, for two million members', () => {
    const { messaging } = defineEnvironment({
      stage: 'model',
      data: { pointInTimeRecovery: false, deletionProtection: false },
    });
    const { planSeconds } = broadcastTime({ ...DEFAULTS, receivers: 2_000_000 });
    expect(planSeconds).toBeLessThan(messaging.fanOutTimeoutSeconds);
  });

  test('never has more posts a second than the quota allows, and more receivers never take less time', () => {
    const count = fc.integer({ min: 1, max: 1_000 });
    const parts = fc.record({ deliverConcurrency: count, postConcurrency: count, postMs: count });
    fc.assert(
      fc.property(parts, count, count, (change, some, more) => {
        const of = (receivers: number) => broadcastTime({ ...DEFAULTS, ...change, receivers });
        expect(of(some).postsPerSecond).toBeLessThanOrEqual(DEFAULTS.quotaPerSecond);
        expect(of(some + more).seconds).toBeGreaterThanOrEqual(of(some).seconds);
      }),
    );
  });
});

describe('The model of costs', () => {
  test('counts 300 notifications and 4 broadcasts as 304 posts for each person', () => {
    expect(monthlyCost(1_000)['posts to sockets']).toBeCloseTo(1_000 * 304 * PRICES.socketMessage);
  });

  test('has a part that is paid without anybody there', () => {
    const { 'whether used or not': idle = 0, ...rest } = monthlyCost(0);
    expect(idle).toBeGreaterThan(10);
    expect(Object.values(rest).reduce((sum, part) => sum + part)).toBeLessThan(0.001);
  });

  test('pays for as many alarms as are deployed', () => {
    const { observability } = synthesizeAll(anEnvironment());
    expect(Object.keys(resourcesOf(observability, 'AWS::CloudWatch::Alarm'))).toHaveLength(ALARMS);
  });

  test('is what the deployment guide says', () => {
    expect(rowsOf(docs('deploy.md'))).toEqual(expect.arrayContaining(rowsOf(costTable())));
    expect(rowsOf(docs('deploy.md'))).toEqual(expect.arrayContaining(rowsOf(pushCostTable())));
  });
});
