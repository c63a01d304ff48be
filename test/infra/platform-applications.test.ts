import { describe, expect, it } from 'vitest';
import { accessOf, WRITES_LOG } from './access.ts';
import { pushStacks } from './push-stacks.ts';
import { resource, resourcesOf, SMALL_PUSH, variablesOf } from './templates.ts';

const FUNCTION = 'AWS::Lambda::Function';

describe('the ways to phones', () => {
  const { push } = pushStacks();
  const { push: phones } = pushStacks({
    push: {
      ...SMALL_PUSH,
      apns: { secretName: 'fanfare/apns' },
      fcm: { secretName: 'fanfare/fcm', revision: 3 },
    },
  });
  const APPLICATION = 'Custom::FanfarePlatformApplication';
  const text = JSON.stringify(phones);

  it('are none where none is configured', () => {
    expect(resourcesOf(push, APPLICATION)).toEqual({});
    expect(Object.keys(resourcesOf(push, FUNCTION)).sort()).toEqual([
      'PushFunction',
      'ScheduleFunction',
      'TrailFunction',
    ]);
  });

  it('are made for each platform that is, by the name of a secret and nothing of what it says', () => {
    const made = Object.values(resourcesOf(phones, APPLICATION)).map(({ Properties }) => Properties);

    expect(made).toMatchObject([
      { Platform: 'APNS', Name: 'fanfare-test-apns', SecretId: 'fanfare/apns', Revision: 1 },
      { Platform: 'GCM', Name: 'fanfare-test-fcm', SecretId: 'fanfare/fcm', Revision: 3 },
    ]);
    expect(text).not.toMatch(/PlatformCredential|\{\{resolve/);
    expect(variablesOf(phones, 'Push')).toMatchObject({
      FANFARE_APNS_APPLICATION_ARN: { 'Fn::GetAtt': [expect.anything(), 'Arn'] },
      FANFARE_FCM_APPLICATION_ARN: { 'Fn::GetAtt': [expect.anything(), 'Arn'] },
    });
  });

  it('tell what they could not deliver in a log, and in a queue that keeps it for 14 days', () => {
    for (const { Properties } of Object.values(resourcesOf(phones, APPLICATION))) {
      expect(Properties).toMatchObject({
        FailureRoleArn: { 'Fn::GetAtt': [expect.stringContaining('Logging'), 'Arn'] },
        FailureTopicArn: { Ref: expect.stringContaining('FailureTopic') },
      });
    }
    expect(resource(phones, 'AWS::SQS::Queue', 'PlatformsFailures').Properties).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
    });
  });

  it('are made by a function that reads those secrets, and changes those applications, alone', () => {
    const access = accessOf(phones, 'PlatformsRole', target => JSON.stringify(target));

    expect(Object.values(access).flat().sort()).toEqual(
      [
        WRITES_LOG,
        ...Array.from({ length: 2 }, () => [
          'CreatePlatformApplication',
          'DeletePlatformApplication',
          'SetPlatformApplicationAttributes',
        ]),
        ['GetSecretValue'],
        ['GetSecretValue'],
        ['PassRole'],
      ]
        .flat()
        .sort(),
    );
    expect(text).toContain(':secret:fanfare/apns-??????');
    expect(text).toContain(':secret:fanfare/fcm-??????');
  });

  it('let the function that pushes make endpoints of these applications, and publish to them', () => {
    const access = accessOf(
      phones,
      'PushRole',
      target => /(app|endpoint)\/\w+/.exec(JSON.stringify(target))?.[0] ?? '',
    );
    const toEndpoints = ['DeleteEndpoint', 'GetEndpointAttributes', 'Publish', 'SetEndpointAttributes'];

    expect(access).toMatchObject({
      'app/APNS': ['CreatePlatformEndpoint'],
      'app/GCM': ['CreatePlatformEndpoint'],
      'endpoint/APNS': toEndpoints,
      'endpoint/GCM': toEndpoints,
    });
  });
});
