import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Where CloudFormation would take the answers of a custom resource. */
export interface ResourceAnswers {
  readonly url: string;
  readonly answers: { readonly method?: string; readonly type?: string; readonly body: unknown }[];
  /** Of the next answers; 200 after that. */
  readonly statuses: number[];
  stop(): void;
}

export const takeResourceAnswers = async (): Promise<ResourceAnswers> => {
  const answers: ResourceAnswers['answers'] = [];
  const statuses: number[] = [];
  const server = createServer(async (request, response) => {
    const body: unknown = JSON.parse(await text(request));
    answers.push({ method: request.method, type: request.headers['content-type'], body });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/answer?signature=x`,
    answers,
    statuses,
    stop: () => server.close(),
  };
};

export const RESOURCE = {
  StackId: 'arn:aws:cloudformation:us-east-2:namespace:stack/mystack',
  RequestId: 'request-1',
  LogicalResourceId: 'Schema',
};

/** As AWS documents them: "Custom resource reference", AWS CloudFormation User Guide. */
export const aResourceEvent = (url: string, changes: object = {}) => ({
  ...RESOURCE,
  RequestType: 'Create',
  ResponseURL: url,
  ResourceType: 'Custom::FanfareSchema',
  ResourceProperties: { ServiceToken: 'arn:aws:lambda:…', Migrations: ['0001'] },
  ...changes,
});
