import { describe, expect, it } from 'vitest';
import { synthesizeAll } from '../../infra/synth.ts';
import { anEnvironment, resource, resourcesOf, statementsOf } from './templates.ts';

const ALARM = 'AWS::CloudWatch::Alarm';

const { observability } = synthesizeAll(
  anEnvironment({ observability: { alarmEmail: 'on-call@example.com', monthlyBudgetUsd: 50 } }),
);
const plain = synthesizeAll(anEnvironment()).observability;
const alarms = resourcesOf(observability, ALARM);

describe('an alarm', () => {
  it.each(['Connect', 'Disconnect', 'Message', 'Http', 'FanOut', 'Deliver', 'Presence'])(
    'tells of errors, slow runs and throttles of %s',
    name => {
      expect(alarms).toHaveProperty(`${name}Errors`);
      expect(resource(observability, ALARM, `${name}Latency`).Properties).toMatchObject({
        ExtendedStatistic: 'p99',
      });
      expect(alarms).toHaveProperty(`${name}Throttles`);
    },
  );

  it.each(['FanOutQueue', 'DeliveryQueue', 'PresenceQueue'])(
    'tells how long the oldest record waits in %s',
    name => {
      expect(resource(observability, ALARM, `${name}Age`).Properties).toMatchObject({
        MetricName: 'ApproximateAgeOfOldestMessage',
      });
    },
  );

  it.each(['FanOutDeadLetters', 'DeliveryDeadLetters', 'PresenceDeadLetters'])(
    'tells of the first record in %s',
    name => {
      expect(resource(observability, ALARM, `${name}Arrived`).Properties).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      });
    },
  );

  it.each(['Connections', 'Messages', 'Idempotency', 'Inbox', 'Presence', 'Limits'])(
    'tells when the table %s refuses requests',
    name => {
      expect(alarms).toHaveProperty(`${name}TableThrottled`);
    },
  );

  it.each(['SocketIntegrationErrors', 'SocketExecutionErrors', 'HttpServerErrors'])('tells of %s', name => {
    expect(alarms).toHaveProperty(name);
  });

  it('says in its description what to do, within what CloudWatch keeps', () => {
    for (const [name, { Properties }] of Object.entries(alarms)) {
      const advice = String(Properties.AlarmDescription);
      expect(advice.length, name).toBeGreaterThan(80);
      expect(advice.length, name).toBeLessThanOrEqual(1_024);
    }
  });

  it('reaches the alarm topic, and stays quiet where nothing is measured', () => {
    for (const { Properties } of Object.values(alarms)) {
      expect(Properties).toMatchObject({
        AlarmActions: [{ Ref: expect.stringContaining('Alarms') }],
        OKActions: [{ Ref: expect.stringContaining('Alarms') }],
        TreatMissingData: 'notBreaching',
      });
    }
  });
});

describe('the alarms of what push needs', () => {
  const withPush = synthesizeAll(
    anEnvironment({
      push: {
        database: { multiAz: false },
        cache: { kind: 'nodes' },
        apns: { secretName: 'fanfare/apns' },
        fcm: { secretName: 'fanfare/fcm' },
      },
    }),
  ).observability;
  const more = Object.keys(resourcesOf(withPush, ALARM)).filter(name => !(name in alarms));

  it('are there where push is on, and tell of the database, the cache, schedules, phones and the trail', () => {
    expect(more.sort()).toEqual([
      'ApnsPushesFail',
      'CacheEvicts',
      'CacheFails',
      'CacheReplicaLags',
      'DatabaseBusy',
      'DatabaseConnectionsPinned',
      'DatabaseConnectionsScarce',
      'DatabaseStorageLow',
      'FcmPushesFail',
      'PhonesUnreachable',
      'PushDeadLettersArrived',
      'PushErrors',
      'PushLatency',
      'PushQueueAge',
      'PushThrottles',
      'ScheduleAlarmsNotSet',
      'ScheduleDeadLettersArrived',
      'ScheduleErrors',
      'ScheduleLatency',
      'ScheduleQueueAge',
      'ScheduleThrottles',
      'SchedulesPostponed',
      'TrailDeadLettersArrived',
      'TrailErrors',
      'TrailLatency',
      'TrailQueueAge',
      'TrailThrottles',
    ]);
  });

  it('say in their description what to do, within what CloudWatch keeps', () => {
    for (const [name, { Properties }] of Object.entries(resourcesOf(withPush, ALARM))) {
      const advice = String(Properties.AlarmDescription);
      expect(advice.length, name).toBeGreaterThan(80);
      expect(advice.length, name).toBeLessThanOrEqual(1_024);
    }
  });

  it('have the same beside them on the dashboard', () => {
    const [dashboard] = Object.values(resourcesOf(withPush, 'AWS::CloudWatch::Dashboard'));
    const [without] = Object.values(resourcesOf(plain, 'AWS::CloudWatch::Dashboard'));

    expect(JSON.stringify(dashboard)).toMatch(/pushes_decided_total.*schedule_runs_total/);
    expect(JSON.stringify(without)).not.toMatch(/pushes_|schedule_/);
  });

  it('read the counters under the dimensions that the functions write them with', () => {
    expect(resource(withPush, ALARM, 'SchedulesPostponed').Properties).toMatchObject({
      Namespace: 'Fanfare',
      MetricName: 'schedule_runs_total',
      Dimensions: [
        { Name: 'outcome', Value: 'postponed' },
        { Name: 'service', Value: 'schedule' },
        { Name: 'stage', Value: 'test' },
      ],
    });
  });
});

describe('the alarm topic', () => {
  it('takes alarms and the budget of this account, by TLS', () => {
    const statements = statementsOf(observability).map(({ statement }) => statement);

    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'] },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    );
    expect(statements).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  it('mails whom the environment names, and nobody else', () => {
    const [subscription] = Object.values(resourcesOf(observability, 'AWS::SNS::Subscription'));

    expect(subscription?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'on-call@example.com' });
    expect(resourcesOf(plain, 'AWS::SNS::Subscription')).toEqual({});
  });
});

describe('the budget', () => {
  it('tells of 80 % spent, and of a month that will end above it', () => {
    const [budget] = Object.values(resourcesOf(observability, 'AWS::Budgets::Budget'));

    expect(budget?.Properties).toMatchObject({
      Budget: { BudgetLimit: { Amount: 50, Unit: 'USD' }, TimeUnit: 'MONTHLY' },
      NotificationsWithSubscribers: [
        { Notification: { NotificationType: 'ACTUAL', Threshold: 80 } },
        { Notification: { NotificationType: 'FORECASTED', Threshold: 100 } },
      ],
    });
  });

  it('is none where the environment has none', () => {
    expect(resourcesOf(plain, 'AWS::Budgets::Budget')).toEqual({});
  });
});

describe('the dashboard', () => {
  it('is named after its environment, and shows our own counters of that stage alone', () => {
    const [dashboard] = Object.values(resourcesOf(observability, 'AWS::CloudWatch::Dashboard'));

    expect(dashboard?.Properties).toMatchObject({ DashboardName: 'fanfare-test' });
    const searches = JSON.stringify(dashboard?.Properties.DashboardBody).match(/SEARCH\(.*?\)/g) ?? [];
    expect(searches).toHaveLength(5);
    expect(searches.every(search => /Fanfare.*stage=[\\"]+test[\\"]+/.test(search))).toBe(true);
    expect(searches[0]).toContain('deliveries_total');
  });
});
