import type {
  ApiGatewayManagementApiClient,
  PostToConnectionCommandInput,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { ApiGatewayManagementApiServiceException } from '@aws-sdk/client-apigatewaymanagementapi';
import { encodeUri, PostSigner } from './post-signer.ts';

/** AWS takes a signature for five minutes; a clock that is further off than this is corrected by the server's. */
const MAX_SKEW_MS = 4 * 60_000;

/**
 * Makes `PostToConnection` go the short way. The SDK resolves the endpoint and an authentication scheme, walks two
 * schemas and eleven middlewares for each post, though between two of them only the id differs; that is three quarters
 * of a fan-out's processor time. This middleware stands at the entrance of the serialize step: what was added to
 * `initialize` sees each post, what comes after does not. Credentials, errors and the way out stay the SDK's.
 */
export const postDirectly = (client: ApiGatewayManagementApiClient, now: () => number): void => {
  const { config } = client;
  const prepared = prepare(config);

  const post = async (input: PostToConnectionCommandInput) => {
    const { origin, basePath, signer } = await prepared();
    const credentials = await config.credentials();
    const payload = input.Data as Uint8Array;
    const path = `${basePath}/@connections/${encodeUri(input.ConnectionId ?? '')}`;
    const headers = signer.sign({ path, payload, credentials, now: now() + config.systemClockOffset });
    headers['content-length'] = String(payload.length);
    const request = { ...origin, method: 'POST', path, query: {}, headers, body: payload };
    const { response } = await config.requestHandler.handle(request);
    const { statusCode, headers: received, body } = response;
    const $metadata = { httpStatusCode: statusCode, requestId: received['x-amzn-requestid'] };
    if (statusCode === 200) return { response, output: { $metadata } };
    const skew = Date.parse(received.date ?? '') - now();
    if (Math.abs(skew - config.systemClockOffset) > MAX_SKEW_MS) config.systemClockOffset = skew;
    throw new ApiGatewayManagementApiServiceException({
      name: errorTypeOf(received),
      message: messageOf(body),
      $fault: statusCode < 500 ? 'client' : 'server',
      $metadata,
    });
  };

  client.middlewareStack.add(
    (next, context) =>
      context.commandName === 'PostToConnectionCommand'
        ? ({ input }) => post(input as PostToConnectionCommandInput)
        : next,
    { step: 'serialize', priority: 'high', name: 'postDirectly' },
  );
};

interface Prepared {
  readonly origin: { readonly protocol: string; readonly hostname: string; readonly port?: number };
  /** The stage, or the mapping of a custom domain; empty without. */
  readonly basePath: string;
  readonly signer: PostSigner;
}

/** What is the same for every post, from the client's own endpoint and region, at the first one. */
const prepare = (config: ApiGatewayManagementApiClient['config']): (() => Promise<Prepared>) => {
  const compute = async (): Promise<Prepared> => {
    if (config.endpoint === undefined)
      throw new Error('the management API has no endpoint of its own; give one');
    const { protocol, hostname, port, path } = await config.endpoint();
    const host = port === undefined ? hostname : `${hostname}:${port}`;
    const signer = new PostSigner({ host, region: await config.region() });
    return { origin: { protocol, hostname, port }, basePath: path.replace(/\/$/, ''), signer };
  };
  let prepared: Promise<Prepared> | undefined;
  return () => {
    prepared ??= compute();
    return prepared;
  };
};

/** Such as `GoneException`; AWS may put a colon and a URL behind it. */
const errorTypeOf = (headers: Readonly<Record<string, string>>): string =>
  headers['x-amzn-errortype']?.split(/[:,]/, 1)[0] ?? 'UnknownError';

const messageOf = (body: Uint8Array): string => {
  const text = Buffer.from(body).toString();
  try {
    return String((JSON.parse(text) as { readonly message?: unknown }).message ?? text);
  } catch {
    return text; // not JSON: what a proxy in between said
  }
};
