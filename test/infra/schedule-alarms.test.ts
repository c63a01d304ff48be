import { describe, expect, it } from 'vitest';
import { accessOf } from './access.ts';
import { pushStacks } from './push-stacks.ts';
import { outputsOf, resource, statementsOf } from './templates.ts';

const { push, messaging } = pushStacks();

describe('alarms of schedules', () => {
  it('are kept in a group of the environment', () => {
    expect(resource(messaging, 'AWS::Scheduler::ScheduleGroup', 'AlarmClockGroup').Properties).toMatchObject({
      Name: 'fanfare-test',
    });
  });

  it('are put into their queue, or its dead letters, as a role that EventBridge takes for this group alone', () => {
    const { AssumeRolePolicyDocument } = resource(messaging, 'AWS::IAM::Role', 'AlarmClockRole').Properties;

    expect(AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: {
              'aws:SourceAccount': { Ref: 'AWS::AccountId' },
              'aws:SourceArn': { 'Fn::GetAtt': [expect.stringContaining('AlarmClockGroup'), 'Arn'] },
            },
          },
        },
      ],
    });
    expect(accessOf(messaging, 'AlarmClockRole', target => JSON.stringify(target))).toEqual({
      [JSON.stringify({ 'Fn::GetAtt': [idOf('ScheduleQueue'), 'Arn'] })]: ['SendMessage'],
      [JSON.stringify({ 'Fn::GetAtt': [idOf('ScheduleDeadLetters'), 'Arn'] })]: ['SendMessage'],
    });
  });

  it('can be set by who is told of them, and handed to nobody but EventBridge', () => {
    const [passing] = statementsOf(push).filter(({ statement }) => statement.Action === 'iam:PassRole');

    expect(passing?.statement).toMatchObject({
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    });
  });
});

describe('the messaging stack', () => {
  it('puts out what an emulator needs to know of them', () => {
    expect(outputsOf(messaging)).toEqual(
      expect.arrayContaining([
        'TrailQueueUrl',
        'ScheduleGroup',
        'ScheduleRoleArn',
        'ScheduleQueueUrl',
        'ScheduleQueueArn',
        'ScheduleDeadLetterQueueArn',
      ]),
    );
  });
});

/** A queue's whole logical id. */
function idOf(name: string): string {
  const { Resources } = messaging as { readonly Resources: Readonly<Record<string, unknown>> };
  return Object.keys(Resources).find(id => new RegExp(`^${name}[0-9A-F]{8}$`).test(id)) ?? '';
}
