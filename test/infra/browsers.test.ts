import { describe, expect, it } from 'vitest';
import type { EnvironmentInput } from '../../infra/config.ts';
import { synthesizeAll } from '../../infra/synth.ts';
import { accessOf } from './access.ts';
import { anEnvironment, OWN_DOMAIN, resource, resourcesOf, SMALL_PUSH, variablesOf } from './templates.ts';

const WEB_PUSH = { ...SMALL_PUSH, webPush: { secretName: 'fanfare/vapid' } };

const stacksOf = (changes: Partial<EnvironmentInput> = {}) => {
  const {
    push = {},
    relational = {},
    compute,
  } = synthesizeAll(anEnvironment({ push: WEB_PUSH, ...changes }));
  return { push, relational, compute };
};
const { push, relational, compute } = stacksOf();

describe('browsers', () => {
  const placeOf = (name: string) =>
    JSON.stringify(resource(push, 'AWS::Lambda::Function', `${name}Function`).Properties.VpcConfig);

  it('are pushed to by the one function that has a way to the internet, for it alone', () => {
    expect(Object.keys(resourcesOf(relational, 'AWS::EC2::NatGateway'))).toHaveLength(1);
    expect(placeOf('Push')).toMatch(/outgoingSubnet1.*outgoingSubnet2/);
    for (const name of ['Schedule', 'Trail']) expect(placeOf(name)).not.toContain('outgoing');
  });

  it('know who pushes by keys that are in a secret, which that function reads', () => {
    expect(variablesOf(push, 'Push')).toMatchObject({ FANFARE_VAPID_SECRET_ID: 'fanfare/vapid' });
    const secrets = accessOf(push, 'PushRole', target => JSON.stringify(target));
    const [read] = Object.entries(secrets).filter(([arn]) => arn.includes(':secret:fanfare/vapid-??????'));
    expect(read?.[1]).toEqual(['GetSecretValue']);
  });

  it('are sent links that one function signs and the other reads, by a secret that both fetch', () => {
    for (const [template, name] of [
      [push, 'Push'],
      [compute, 'Http'],
    ] as const) {
      expect(variablesOf(template, name)).toMatchObject({
        FANFARE_LINK_SECRET_ARN: { 'Fn::ImportValue': expect.stringMatching(/RefLinkSecret/) },
      });
      const access = accessOf(template, `${name}Role`, target => JSON.stringify(target));
      const [read] = Object.entries(access).filter(([arn]) => arn.includes('LinkSecret'));
      expect(read?.[1]).toEqual(['GetSecretValue']);
    }
    expect(JSON.stringify([push, compute])).not.toContain('{{resolve');
    const none = stacksOf({ push: SMALL_PUSH });
    expect(JSON.stringify([none.push, none.compute])).not.toContain('FANFARE_LINK_SECRET_ARN');
  });

  it.each<[string, EnvironmentInput['api'], RegExp]>([
    ["API Gateway's name", {}, /https:\/\/.*ImportValue.*RefHttpApi.*\.execute-api\./],
    ['its own', { domain: OWN_DOMAIN }, /^"https:\/\/api\.example\.com"$/],
  ])('find the HTTP API by those links under %s', (_, api, address) => {
    const { push: named } = stacksOf({ api });
    expect(JSON.stringify(variablesOf(named, 'Push').FANFARE_PUBLIC_URL)).toMatch(address);
  });
});
