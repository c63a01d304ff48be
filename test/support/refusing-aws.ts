import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As DynamoDB names an error in its answer's body. */
export type Refusal = 'AccessDeniedException' | 'ResourceNotFoundException';

/**
 * AWS's endpoint, where DynamoDB refuses every call in the way that a policy or a missing table makes it, which no
 * emulator at hand does. Secrets Manager knows one secret; everything else is refused 403.
 */
export const aRefusingAws = async (refusal: Refusal, secret: string) => {
  const server = createServer((request, response) => {
    request.resume();
    const target = String(request.headers['x-amz-target']);
    const [status, body] = answerTo(target, refusal, secret);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: (): void => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const answerTo = (target: string, refusal: Refusal, secret: string): readonly [number, object] => {
  if (target.startsWith('secretsmanager.')) return [200, { SecretString: secret }];
  if (!target.startsWith('DynamoDB_20120810.')) return [403, {}];
  const __type =
    refusal === 'AccessDeniedException' ? 'com.amazon.coral.service' : 'com.amazonaws.dynamodb.v20120810';
  return [
    400,
    { __type: `${__type}#${refusal}`, message: 'User: arn:aws:sts::000000000000:assumed-role/r is refused' },
  ];
};
