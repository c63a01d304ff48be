import { describe, expect, test } from 'vitest';
import { SnsPushGateway } from '../../src/adapters/aws/push/sns-push-gateway.ts';
import { PushGatewayByPlatform } from '../../src/adapters/push/push-gateway-by-platform.ts';
import { composeLocal } from '../../src/composition/compose-local.ts';
import { loadConfig } from '../../src/composition/config.ts';
import type { Token } from '../../src/composition/injection.ts';
import { resolve, token } from '../../src/composition/injection.ts';
import { openPushGateways } from '../../src/composition/open-push-gateways.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../../src/composition/tokens.ts';

const compose = () =>
  composeLocal(loadConfig({ FANFARE_LOG_LEVEL: 'silent' }), { kind: 'secret', secret: 'x'.repeat(32) });

const named = (tokens: Readonly<Record<string, Token<unknown>>>): [string, Token<unknown>][] =>
  Object.values(tokens).map(entry => [entry.id.description ?? '', entry]);

const ALL = [...named(TOKENS), ...named(LOCAL_TOKENS)];

describe("A server's push gateways", () => {
  const APPLICATION = 'arn:aws:sns:eu-central-1:123456789012:app/GCM/fanfare';

  test('tell phones by SNS where it has an application for them', async () => {
    const config = loadConfig({ FANFARE_FCM_APPLICATION_ARN: APPLICATION, FANFARE_LOG_LEVEL: 'silent' });
    expect(config.pushApplications).toEqual({ fcm: APPLICATION });
    const container = composeLocal(
      config,
      { kind: 'secret', secret: 'x'.repeat(32) },
      undefined,
      undefined,
      await openPushGateways(config),
    );
    expect(resolve(container, PUSH_TOKENS.gateway)).toBeInstanceOf(PushGatewayByPlatform);
    expect(resolve(container, PUSH_TOKENS.snsGateway)).toBeInstanceOf(SnsPushGateway);
  });

  test('are not made of what is no application', () => {
    expect(() => loadConfig({ FANFARE_APNS_APPLICATION_ARN: 'arn:aws:sns:eu:1:topic' })).toThrow(
      /FANFARE_APNS_APPLICATION_ARN: expected the ARN of an SNS platform application/,
    );
  });
});

describe('The local composition', () => {
  const container = compose();

  test.each(ALL)('has one %s, the same for all who need it', (_, entry) => {
    const part = resolve(container, entry);
    expect(['object', 'function']).toContain(typeof part);
    expect(resolve(container, entry)).toBe(part);
  });

  test.each([
    ['EventBus', TOKENS.bus, LOCAL_TOKENS.bus],
    ['DeliveryQueue', TOKENS.queue, LOCAL_TOKENS.queue],
    ['ConnectionGateway', TOKENS.gateway, LOCAL_TOKENS.gateway],
    ['Metrics', TOKENS.metrics, LOCAL_TOKENS.prometheus],
  ])('drives the very %s that the use cases see', (_, port: Token<unknown>, adapter: Token<unknown>) => {
    expect(resolve(container, port)).toBe(resolve(container, adapter));
  });

  test('gives every port, use case and driver a name of its own', () => {
    const names = ALL.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('does not resolve what nothing is bound to', () => {
    expect(() => resolve(container, token('Nobody'))).toThrow(/Nobody/);
  });

  test('shares nothing with a second one in the same process', () => {
    const other = compose();
    for (const [name, entry] of ALL) {
      if (entry === TOKENS.encoder) continue; // a constant without state
      expect(resolve(other, entry), name).not.toBe(resolve(container, entry));
    }
  });
});
