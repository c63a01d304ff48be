import { describe, expect, it } from 'vitest';
import type { EnvironmentInput } from '../../infra/config.ts';
import { synthesizeAll } from '../../infra/synth.ts';
import { anEnvironment, OWN_DOMAIN, outputsOf, resource, resourcesOf, SMALL_PUSH } from './templates.ts';

const ROUTE = 'AWS::ApiGatewayV2::Route';
const STAGE = 'AWS::ApiGatewayV2::Stage';

const apiOf = (changes: Partial<EnvironmentInput> = {}) => synthesizeAll(anEnvironment(changes)).api;
const api = apiOf();

const ISSUER: EnvironmentInput['tokens'] = {
  kind: 'jwks',
  url: 'https://id.example.com/keys',
  issuer: 'https://id.example.com/',
  audience: 'us',
};

/** Each route and how it is authorized. */
const routesOf = (template: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.values(resourcesOf(template, ROUTE)).map(({ Properties }) => [
      Properties.RouteKey,
      Properties.AuthorizationType,
    ]),
  );

describe('the WebSocket API', () => {
  it('leads $connect, $disconnect and every frame to a function', () => {
    expect(Object.keys(routesOf(api))).toEqual(
      expect.arrayContaining(['$connect', '$disconnect', '$default']),
    );
  });

  it('sends the answer to a frame back on its socket', () => {
    expect(resource(api, ROUTE, 'Message').Properties).toMatchObject({
      RouteResponseSelectionExpression: '$default',
    });
    expect(Object.keys(resourcesOf(api, 'AWS::ApiGatewayV2::RouteResponse'))).toEqual(['MessageResponse']);
  });

  it('is at /ws, as the dev server is, throttled, and logs who asked for what', () => {
    expect(resource(api, STAGE, 'SocketStage').Properties).toMatchObject({
      StageName: 'ws',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 500 },
      AccessLogSettings: { Format: expect.stringContaining('$context.connectionId') },
    });
  });

  it('gets the role that API Gateway logs with, unless the account has one', () => {
    expect(resourcesOf(api, 'AWS::ApiGateway::Account')).toHaveProperty('ApiGatewayAccount');
    const without = apiOf({ api: { accountLoggingRole: false } });
    expect(resourcesOf(without, 'AWS::ApiGateway::Account')).toEqual({});
    expect(resourcesOf(without, 'AWS::IAM::Role')).toEqual({});
  });
});

describe('the HTTP API', () => {
  it('leads what is public and all of /v1 to one function, which verifies tokens itself', () => {
    const { $connect, $disconnect, $default, ...http } = routesOf(api);

    expect(http).toEqual({
      'ANY /v1/{proxy+}': 'NONE',
      'OPTIONS /v1/{proxy+}': 'NONE',
      'GET /health': 'NONE',
      'GET /openapi.json': 'NONE',
    });
  });

  it("has API Gateway check an issuer's tokens as well, but not before a browser has asked", () => {
    const template = apiOf({ tokens: ISSUER });

    expect(routesOf(template)).toMatchObject({
      'ANY /v1/{proxy+}': 'JWT',
      'OPTIONS /v1/{proxy+}': 'NONE',
    });
    expect(resource(template, 'AWS::ApiGatewayV2::Authorizer', 'HttpApiIssuer').Properties).toMatchObject({
      JwtConfiguration: { Issuer: 'https://id.example.com/', Audience: ['us'] },
    });
  });

  it('lets whoever has a link unsubscribe without a token, where browsers are pushed to', () => {
    const webPush = { secretName: 'fanfare/vapid' };
    const template = apiOf({ tokens: ISSUER, push: { ...SMALL_PUSH, webPush } });

    expect(routesOf(template)).toMatchObject({
      'ANY /v1/{proxy+}': 'JWT',
      'GET /v1/unsubscribe/{token}': 'NONE',
      'POST /v1/unsubscribe/{token}': 'NONE',
    });
    expect(Object.keys(routesOf(apiOf({ push: SMALL_PUSH }))).join()).not.toContain('unsubscribe');
  });

  it('is throttled, and logs who asked for what', () => {
    expect(resource(api, STAGE, 'HttpStage').Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 250 },
      AccessLogSettings: { Format: expect.stringContaining('$context.routeKey') },
    });
  });
});

describe('an access log', () => {
  it('holds no header, no query string and no path, where a token may be', () => {
    for (const { Properties } of Object.values(resourcesOf(api, STAGE))) {
      expect(JSON.stringify(Properties.AccessLogSettings)).not.toMatch(/header|query|path|authorizer/i);
    }
  });
});

describe('an integration', () => {
  it('waits longer than its function may run, so that it is the function that gives up and logs why', () => {
    const timeouts = Object.values(resourcesOf(api, 'AWS::ApiGatewayV2::Integration')).map(
      ({ Properties }) => Properties.TimeoutInMillis,
    );

    expect(timeouts).toEqual([29_000, 29_000, 29_000, 29_000]);
  });
});

describe('names of the own', () => {
  const own = apiOf({
    api: {
      domain: OWN_DOMAIN,
    },
  });

  it('speak TLS 1.2 or newer', () => {
    const names = Object.values(resourcesOf(own, 'AWS::ApiGatewayV2::DomainName'));

    expect(names.map(({ Properties }) => Properties.DomainName).sort()).toEqual([
      'api.example.com',
      'live.example.com',
    ]);
    for (const { Properties } of names) {
      expect(Properties).toMatchObject({ DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2' }] });
    }
  });

  it('are found by IPv4 and IPv6, under the name itself', () => {
    const records = Object.values(resourcesOf(own, 'AWS::Route53::RecordSet')).map(
      ({ Properties: { Name, Type } }) => `${Type} ${Name}`,
    );

    expect(records.sort()).toEqual([
      'A api.example.com.',
      'A live.example.com.',
      'AAAA api.example.com.',
      'AAAA live.example.com.',
    ]);
  });

  it('keep sockets at /ws and close the other way to the HTTP API, but not the one that posts take', () => {
    expect(resource(own, 'AWS::ApiGatewayV2::ApiMapping', 'DomainSocketMapping').Properties).toMatchObject({
      ApiMappingKey: 'ws',
      Stage: 'ws',
    });
    expect(resource(own, 'AWS::ApiGatewayV2::Api', 'HttpApi').Properties).toMatchObject({
      DisableExecuteApiEndpoint: true,
    });
  });
});

describe('what the command needs', () => {
  it('is put out: the URL for sockets and the one for HTTP', () => {
    expect(outputsOf(api)).toEqual(expect.arrayContaining(['SocketUrl', 'HttpUrl']));
    expect(JSON.stringify(api)).toMatch(/"wss:\/\/.*\/ws"/);
  });
});
